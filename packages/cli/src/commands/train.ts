import { JetError } from '@jetsdk/jets';
import type { BackendName } from '@jetsdk/train';
import type { Command } from 'commander';
import type { TrainFlags } from '../actions/train.js';
import { fileNames } from '../fileNames.js';
import {
  COMPONENTS,
  choice,
  DATASET,
  LAYOUT,
  names,
  PADDING,
  recipeOption,
  rows,
  SIGNAL,
  settings,
  UNIT,
  whole,
} from '../options.js';
import { SCORE_AXIS } from '../scoreAxis.js';
import { GENERATORS, requireTrainable, TRAINABLE } from '../trainable.js';
import { withTrainingOptions } from '../trainingOptions.js';

const backends = choice<BackendName | 'auto'>('auto', 'tfjs-node-gpu', 'tfjs-node', 'wasm', 'webgpu', 'cpu');

/** `jetsdk train` */
export function addTrain(command: Command): void {
  withTrainingOptions(
    command
      .argument(
        '[network]',
        `${TRAINABLE.join(', ')}; or a file of your own: .mjs, .js, .ts, layers as .json, or the layers of a .keras or .h5; left out: those of --from; with --help, what it has to choose`,
      )
      .option(
        '--data <file...>',
        "labelled jets, for pumml, pumml-resnet and pumml-fine constituents with charge and vertex, for generators one file of images or showers; several files, or a pattern such as 'part-*.h5', are one list",
        fileNames,
      )
      .option('-o, --output <folder>', 'folder of the run')
      .option('--init <file.mjs>', 'instead of training, write a network to begin with')
      .option('--like <name>', 'network of the zoo that --init begins with', 'course-cnn')
      .option(
        '--validation <file...>',
        'jets that choose the best epoch; without it --data is split 60/20/20 by the seed',
        fileNames,
      )
      .option(
        '--test <file...>',
        'jets that are measured at the end; without it those set apart, or --validation',
        fileNames,
      )
      .option('--split-by <column>', 'column of --data that splits it: 0 training, 1 test, 2 validation')
      .option('--rows <start:stop>', 'only these jets of --data', rows)
      .option('--stratified', 'keep the share of each class the same in all parts of a random split')
      .option(
        '--classes <names>',
        'of the classes, by their numbers in the labels: background,signal or three and more',
        names,
      )
      .option(...LAYOUT)
      .option(...DATASET)
      .option(...PADDING)
      .option(...COMPONENTS)
      .option(...UNIT)
      .option(...SIGNAL)
      .option('--recipe <name|file.json>', "how constituents become images; default: the network's own", recipeOption)
      .option(
        '--set <name=value>',
        'a setting of the network, e.g. hidden.units=128; several times for several; --help NETWORK lists them',
        settings,
        {},
      )
      .option('--constituents <number>', 'leading constituents that a network of constituents takes', whole(1))
      .option('--no-export', 'train also what cannot be exported as ONNX')
      .option('--train-jets <number>', 'learn from so many of the jets to learn from, drawn by the seed', whole(2))
      .option('--seed <number>', 'decides weights, split and order of the jets', whole(0), 1)
      .option('--seeds <number>', 'train so many times, from --seed on, with the same split', whole(2))
      .option(
        '--sweep <file.json>',
        'many trainings, which differ in options of this command: a grid of values, or a list; see docs/sweeps.md',
      )
      .option('--task <number>', 'only this training of the sweep, from 0; a finished one is left alone', whole(0))
      .option(
        '--from <run>',
        'begin with the best weights of this run of the same network, with those of a trained model (.keras, .h5, model.json), or with those of an exported one (.onnx, or a name of `jetsdk models`)',
      )
      .option(...SCORE_AXIS)
      .option('--resume', 'go on with the run in the folder')
      .option(
        '--backend <name>',
        'what computes: auto, tfjs-node-gpu, tfjs-node, wasm, webgpu or cpu',
        backends,
        'auto',
      ),
  ).action(async (named: string | undefined, flags: Flags) => {
    const { networkOfWeights, trainNetwork, writeTemplate } = await import('../actions/train.js');
    const { init, like, data, output, sweep, task, ...rest } = flags;
    if (init !== undefined) return writeTemplate(init, like);
    const network = named ?? (flags.from === undefined ? undefined : await networkOfWeights(flags.from));
    if (network === undefined || data === undefined || output === undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `train: got no ${network === undefined ? 'network' : data === undefined ? '--data' : '--output'}; expected a network, before --data, --data FILE and --output FOLDER`,
      );
    requireTrainable(network);
    if (GENERATORS.includes(network) && (sweep !== undefined || task !== undefined))
      throw new JetError(
        'BAD_ARGUMENT',
        `train: --${sweep === undefined ? 'task' : 'sweep'} with ${network}, a generator; expected a network that scores or corrects jets; train a generator once for each choice`,
      );
    const { isRegressor, trainRegressor } = await import('../actions/trainRegressor.js');
    const { isFlow, trainFlowCommand } = await import('../actions/trainFlow.js');
    const { isAdversarial, trainAdversaries } = await import('../actions/trainAdversaries.js');
    if (isAdversarial(network)) return trainAdversaries(network, { ...rest, data, output });
    if (isFlow(network)) return trainFlowCommand(network, { ...rest, data, output });
    const train = (chosen: TrainFlags): Promise<void> =>
      isRegressor(network) ? trainRegressor(network, chosen) : trainNetwork(network, chosen);
    if (sweep === undefined) {
      if (task !== undefined)
        throw new JetError('BAD_ARGUMENT', `train: --task ${task} without --sweep; expected both, or neither`);
      return train({ ...rest, data, output });
    }
    if (rest.seeds !== undefined)
      throw new JetError('BAD_ARGUMENT', 'train: --seeds with --sweep; put "seed": [1, 2, 3] into the grid');
    const { flagsOf, readSweep } = await import('../sweep.js');
    const { runSweep } = await import('../actions/sweep.js');
    const members = readSweep(sweep);
    // all are read before the first begins
    for (const member of members) flagsOf(member, command);
    return runSweep(output, network, members, task, (member, folder) =>
      train({ ...rest, data, resume: true, ...flagsOf(member, command), output: folder }),
    );
  });
}

interface Flags extends Omit<TrainFlags, 'data' | 'output'> {
  readonly init?: string;
  readonly like: string;
  readonly data?: readonly string[];
  readonly output?: string;
  readonly sweep?: string;
  readonly task?: number;
}
