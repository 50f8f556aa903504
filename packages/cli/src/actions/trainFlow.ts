/** @file Trains a flow that makes showers or jets in the folder of a run. */
import { fileHash } from '@jetsdk/jets/files';
import { flows, selectBackend, trainFlow } from '@jetsdk/train';
import { duration, progress, say } from '../terminal.js';
import { type FlowTask, withTask } from './flowData.js';
import { requireGeneratorFlags } from './generatorFlags.js';
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
  const settings = {
    ...kind.defaults,
    seed: flags.seed,
    ...(flags.epochs && { epochs: flags.epochs }),
    ...(flags.batchSize && { batchSize: flags.batchSize }),
    ...(flags.learningRate && { learningRate: flags.learningRate }),
  };
  const images = task.mirrored ? ' and their mirror images' : '';
  say(`${kind.name} on ${training} ${things}${images}; backend ${backend.name}`);
  const abort = new AbortController();
  const interrupt = (): void => {
    say('\nstopping; go on with the same command and --resume');
    abort.abort();
  };
  process.once('SIGINT', interrupt);
  let bar: ReturnType<typeof progress> | undefined;
  const shown = (stage: string, total: number, unit: string): ReturnType<typeof progress> => {
    bar ??= progress(stage, total, unit);
    return bar;
  };
  const epochs = () => shown('train', settings.epochs, 'epochs');
  const begun = performance.now();
  try {
    const dataset = { name: path, hash: await fileHash(path), rows: [start, start + training] as const };
    await trainFlow(
      flags.output,
      kind,
      { settings, dataset, resume: flags.resume ?? false },
      task.some(data, 0, training),
      task.some(data, training, count),
      {
        signal: abort.signal,
        onCode: ({ done, total }) => {
          shown('code', total, 'rounds').update(done);
          if (done < total) return;
          bar?.stop();
          bar = undefined;
        },
        onBatch: ({ epoch, batch, batches, loss }) =>
          epochs().update(epoch - 1, `batch ${batch}/${batches} loss ${loss.toPrecision(4)}`),
        onEpoch: ({ epoch, loss, valLoss }) =>
          epochs().update(epoch, `loss ${loss.toPrecision(4)} val_loss ${valLoss.toPrecision(4)}`),
      },
    );
  } finally {
    bar?.stop();
    process.off('SIGINT', interrupt);
  }
  say(`${flags.output}: trained in ${duration((performance.now() - begun) / 1000)}; jetsdk export writes it as ONNX`);
}
