/** @file Trains a flow that makes showers or jets in the folder of a run. */
import { fileHash } from '@jetsdk/jets/files';
import { flows, selectBackend, trainFlow } from '@jetsdk/train';
import { type Progress, say } from '../terminal.js';
import { timeLeft, watchTraining } from '../watchedTraining.js';
import { type FlowTask, withTask } from './flowData.js';
import { generatorSettings, requireGeneratorFlags, sayTrained } from './generatorFlags.js';
import { writeFlowReport } from './generatorRunReport.js';
import type { TrainFlags } from './train.js';

/** Share of the data that the loss is watched on, and the most. */
const WATCHED = 1 / 50;
const MOST_WATCHED = 250;

/** Networks of generators. */
export const isFlow = (name: string): boolean => flows.some((flow) => flow.name === name);

export const trainFlowCommand = (network: string, flags: TrainFlags): Promise<void> =>
  withTask(network, (task) => train(task, flags));

async function train<Data>(task: FlowTask<Data>, flags: TrainFlags): Promise<void> {
  const { kind, things } = task;
  requireGeneratorFlags(kind.name, flags);
  const path = String(flags.data);
  const backend = await selectBackend(flags.backend);
  const [start, stop] = flags.rows ?? [0, undefined];
  const data = await task.read(path, [start, stop]);
  const count = task.count(data);
  const training = count - Math.min(MOST_WATCHED, Math.floor(count * WATCHED));
  const settings = generatorSettings(kind.defaults, flags);
  const images = task.mirrored ? ' and their mirror images' : '';
  say(`${kind.name} on ${training} ${things}${images}; backend ${backend.name}`);
  const dataset = { name: path, hash: await fileHash(path), rows: [start, start + training] as const };
  const request = { settings, dataset, resume: flags.resume ?? false };
  const parts = [task.some(data, 0, training), task.some(data, training, count)] as const;
  const begun = performance.now();
  await watchTraining(({ signal, stage }) => {
    let code: Progress | undefined;
    let bar: Progress | undefined;
    let left = timeLeft(settings.epochs);
    return trainFlow(flags.output, kind, request, ...parts, {
      signal,
      onCode: ({ done, total }) => {
        code ??= stage('code', total, 'rounds');
        code.update(done);
        if (done === total) code = undefined;
      },
      onBatch: (progress) => {
        if (bar === undefined) {
          bar = stage('train', settings.epochs, 'epochs');
          left = timeLeft(settings.epochs);
        }
        const { epoch, batch, batches, loss } = progress;
        bar.update(epoch - 1, `batch ${batch}/${batches} loss ${loss.toPrecision(4)}, ${left(progress)}`);
      },
      onEpoch: ({ epoch, loss, valLoss }) =>
        bar?.update(epoch, `loss ${loss.toPrecision(4)} val_loss ${valLoss.toPrecision(4)}`),
    });
  });
  await writeFlowReport(flags.output, task);
  sayTrained(flags.output, begun);
}
