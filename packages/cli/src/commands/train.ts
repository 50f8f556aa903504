import { basename, join } from 'node:path';
import { evaluate } from '@jetsdk/eval';
import { JetError, namedRecipe, type Recipe } from '@jetsdk/jets';
import { fileHash, writeFileAtomically } from '@jetsdk/jets/files';
import { writeNpy } from '@jetsdk/jets/npy';
import {
  type BackendName,
  type Examples,
  type Inputs,
  loadRun,
  predict,
  type RunRequest,
  selectBackend,
  splitJets,
  zoo,
} from '@jetsdk/train';
import type { Command } from 'commander';
import { inputForm, type LabelledInputs, readLabelledInputs } from '../dataset.js';
import { resultTable } from '../evaluation.js';
import { choice, positive, recipeOption, whole } from '../options.js';
import { print, say } from '../terminal.js';
import { trainWithProgress } from '../training.js';

interface TrainFlags {
  readonly data: string;
  readonly validation?: string;
  readonly output: string;
  readonly recipe?: Recipe;
  readonly seed: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly patience?: number;
  readonly stratified?: true;
  readonly resume?: true;
  readonly backend: BackendName | 'auto';
  readonly classes?: readonly string[];
}

const backends = choice<BackendName | 'auto'>('auto', 'tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu');

function classNames(text: string): readonly string[] {
  const names = text.split(',');
  if (names.length !== 2 || names.includes(''))
    throw new JetError('BAD_ARGUMENT', `option --classes: got ${text}; expected two names, background first`);
  return names;
}

/** `jetsdk train` */
export function addTrain(command: Command): void {
  command
    .argument('<network>', Object.keys(zoo).join(', '))
    .requiredOption('--data <file>', 'labelled jets: HDF5 or .npz')
    .requiredOption('-o, --output <folder>', 'folder of the run')
    .option('--validation <file>', 'jets that choose the best epoch; without it --data is split 60/20/20 by the seed')
    .option('--recipe <name|file.json>', "how constituents become images; default: the network's own", recipeOption)
    .option('--seed <number>', 'decides weights, split and order of the jets', whole(0), 1)
    .option('--epochs <number>', 'at most', whole(1))
    .option('--batch-size <jets>', 'jets a step', whole(1))
    .option('--learning-rate <number>', 'of Adam', positive())
    .option('--patience <epochs>', 'epochs without a smaller validation loss before it stops', whole(1))
    .option('--stratified', 'keep the share of each class the same in all parts of the split')
    .option('--classes <background,signal>', 'names of the classes, for the card', classNames)
    .option('--resume', 'go on with the run in the folder')
    .option('--backend <name>', 'what computes', backends, 'auto')
    .action(async (network: string, flags: TrainFlags) => {
      const entry = zoo[network];
      if (entry === undefined)
        throw new JetError(
          'BAD_ARGUMENT',
          `train: no network ${network}; expected one of ${Object.keys(zoo).join(', ')}`,
        );
      const recipe = entry.inputShape.length === 2 ? undefined : (flags.recipe ?? namedRecipe(entry.defaults.recipe));
      const form = inputForm(entry.inputShape, recipe);
      const all = await readLabelledInputs(flags.data, form, basename(flags.data));
      const parts = flags.validation === undefined ? split(all, flags) : undefined;
      const training: Examples = parts?.training ?? all;
      const validation: Examples =
        parts?.validation ?? (await readLabelledInputs(flags.validation!, form, basename(flags.validation!)));
      const backend = await selectBackend(flags.backend);
      say(`${network} on ${training.labels.length} jets; backend ${backend.name}, ${backend.threads} threads`);
      const classes = flags.classes ?? all.classes;
      const request: RunRequest = {
        network,
        seed: flags.seed,
        ...(recipe !== undefined && { recipe }),
        backend: backend.name,
        dataset: {
          name: flags.data,
          hash: await fileHash(flags.data),
          ...(classes && { classes }),
          ...(parts && { split: parts.facts }),
        },
        resume: flags.resume ?? false,
        ...(flags.epochs !== undefined && { epochs: flags.epochs }),
        ...(flags.batchSize !== undefined && { batchSize: flags.batchSize }),
        ...(flags.learningRate !== undefined && { learningRate: flags.learningRate }),
        ...(flags.patience !== undefined && { patience: flags.patience }),
      };
      const result = await trainWithProgress(flags.output, request, training, validation);
      const best = result.history[result.bestEpoch - 1]!;
      print(
        `${flags.output}: best epoch ${result.bestEpoch} of ${result.history.length}, val_loss ${best.valLoss.toFixed(4)}, val_accuracy ${best.valAccuracy.toFixed(4)}`,
      );
      if (parts !== undefined) await measureTest(flags.output, parts);
    });
}

interface Parts {
  readonly training: Examples;
  readonly validation: Examples;
  readonly test: Examples;
  readonly testJets: Uint32Array;
  readonly facts: {
    readonly seed: number;
    readonly test: number;
    readonly validation: number;
    readonly stratified: boolean;
  };
}

function split({ images, labels }: LabelledInputs, { seed, stratified }: TrainFlags): Parts {
  const facts = { seed, test: 0.2, validation: 0.25, stratified: stratified ?? false };
  const jets = splitJets(labels, facts);
  const part = (rows: Uint32Array): Examples => ({
    images: takeInputs(images, rows),
    labels: Uint8Array.from(rows, (i) => labels[i]!),
  });
  return {
    training: part(jets.train),
    validation: part(jets.validation),
    test: part(jets.test),
    testJets: jets.test,
    facts,
  };
}

/** Inputs of some jets, copied. */
function takeInputs({ shape, data }: Inputs, jets: Uint32Array): Inputs {
  const size = data.length / shape[0]!;
  const taken = new Float32Array(jets.length * size);
  for (const [i, jet] of jets.entries()) taken.set(data.subarray(jet * size, (jet + 1) * size), i * size);
  return { shape: [jets.length, ...shape.slice(1)], data: taken };
}

/** Scores the jets that were set apart and keeps their numbers, so that they can be scored again. */
async function measureTest(folder: string, { test, testJets }: Parts): Promise<void> {
  const { artifacts } = await loadRun(folder);
  const outputs = await predict(artifacts, test.images);
  const width = outputs.length / test.labels.length;
  const scores = Float32Array.from(test.labels, (_, jet) => outputs[jet * width + width - 1]!);
  const result = evaluate(test.labels, scores, { name: `test, ${test.labels.length} jets` });
  await writeFileAtomically(join(folder, 'test.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeFileAtomically(
    join(folder, 'test-jets.npy'),
    writeNpy({ dtype: 'uint32', shape: [testJets.length], data: testJets }),
  );
  print(resultTable([result]));
}
