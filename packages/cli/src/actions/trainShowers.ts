/** @file Trains a generator of showers in the folder of a run. */
import { fileHash } from '@jetsdk/jets/files';
import { FLOW_DEFAULTS, type Showers, selectBackend, trainFlow } from '@jetsdk/train';
import { duration, progress, say } from '../terminal.js';
import { requireGeneratorFlags } from './generatorFlags.js';
import { readShowers, someShowers } from './showers.js';
import type { TrainFlags } from './train.js';

/** Share of the showers that the loss is watched on, and the most. */
const WATCHED = 1 / 50;
const MOST_WATCHED = 250;

/** Networks of generators. */
export const isGenerator = (name: string): boolean => name === 'calo-flow';

/** Trains `calo-flow` on showers in the layout of CaloGAN. */
export async function trainShowers(flags: TrainFlags): Promise<void> {
  requireGeneratorFlags('calo-flow', flags);
  const path = String(flags.data);
  const backend = await selectBackend(flags.backend);
  const [start, stop] = flags.rows ?? [0, undefined];
  const showers = await readShowers(path, [start, stop]);
  const count = showers.energy.length;
  const training = count - Math.min(MOST_WATCHED, Math.floor(count * WATCHED));
  const settings = {
    ...FLOW_DEFAULTS,
    seed: flags.seed,
    ...(flags.epochs && { epochs: flags.epochs }),
    ...(flags.batchSize && { batchSize: flags.batchSize }),
    ...(flags.learningRate && { learningRate: flags.learningRate }),
  };
  say(`calo-flow on ${training} showers and their mirror images; backend ${backend.name}`);
  const abort = new AbortController();
  const interrupt = (): void => {
    say('\nstopping; go on with the same command and --resume');
    abort.abort();
  };
  process.once('SIGINT', interrupt);
  const bar = progress('train', settings.epochs, 'epochs');
  const begun = performance.now();
  try {
    const dataset = { name: path, hash: await fileHash(path), rows: [start, start + training] as const };
    const watched: Showers = someShowers(showers, training, count);
    await trainFlow(
      flags.output,
      { settings, dataset, resume: flags.resume ?? false },
      someShowers(showers, 0, training),
      watched,
      {
        signal: abort.signal,
        onBatch: ({ epoch, batch, batches, loss }) =>
          bar.update(epoch - 1, `batch ${batch}/${batches} loss ${loss.toPrecision(4)}`),
        onEpoch: ({ epoch, loss, valLoss }) =>
          bar.update(epoch, `loss ${loss.toPrecision(4)} val_loss ${valLoss.toPrecision(4)}`),
      },
    );
  } finally {
    bar.stop();
    process.off('SIGINT', interrupt);
  }
  say(`${flags.output}: trained in ${duration((performance.now() - begun) / 1000)}; jetsdk export writes it as ONNX`);
}
