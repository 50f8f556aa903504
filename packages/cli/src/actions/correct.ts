import { extname } from 'node:path';
import {
  type CorrectedBlock,
  correctedArrays,
  correctJets,
  isServedModel,
  loadRegressor,
  type Regressor,
} from '@jetsdk/infer';
import { formatCount, formatCounted, JetError, type Tensor } from '@jetsdk/jets';
import { openAllJets, writeArray, writeArrays } from '@jetsdk/jets/files';
import { MODELS } from '../bundled.js';
import { type LoadFlags, onDevice } from '../loading.js';
import { type JetFlags, jetOptions } from '../options.js';
import { duration, progress, say } from '../terminal.js';

export interface CorrectFlags extends Pick<LoadFlags, 'device' | 'batchSize' | 'threads'>, JetFlags {
  readonly output: string;
}

/** Writes the corrected images of the jets of some files, and their pT and mass where the file has room for them. */
export async function correctFiles(model: string, files: readonly string[], flags: CorrectFlags): Promise<void> {
  const { output } = flags;
  if (!/\.(npy|h5|hdf5)$/.test(output))
    throw new JetError(
      'BAD_ARGUMENT',
      `correct: --output ${output}; expected a name that ends in .npy, or in .h5 for corrected pT and mass as well`,
    );
  await using regressor = await loadOn(model, flags);
  const source = await openAllJets(files, jetOptions(flags));
  const bar = progress('correct', source.count, 'jets');
  const started = performance.now();
  try {
    const blocks = correctJets(regressor, source, { onProgress: ({ done }) => bar.update(done) });
    if (extname(output) === '.npy')
      await writeArray(output, [source.count, ...planeOf(regressor.info.output.shape)], imagesOf(blocks));
    else await writeArrays(output, arraysOf(blocks));
  } finally {
    bar.stop();
    source.close();
  }
  const seconds = (performance.now() - started) / 1000;
  const { runtime, device, output: made } = regressor.info;
  say(
    `${output}: ${formatCounted(source.count, 'image')} of ${made.shape.slice(0, 2).join('×')} in ${made.unit} in ${duration(seconds)} (${formatCount(source.count / seconds)} jets/s), ${runtime} on ${device}`,
  );
}

/** On the device that is asked for; else on the processor, in WebAssembly where its library is not installed. */
export async function loadOn(
  model: string | Uint8Array,
  { device, batchSize, threads, sha256 }: Pick<LoadFlags, 'device' | 'batchSize' | 'threads' | 'sha256'> = {},
): Promise<Regressor> {
  const load = (on: NonNullable<CorrectFlags['device']>): Promise<Regressor> =>
    loadRegressor(model, {
      models: MODELS,
      device: on,
      ...(batchSize !== undefined && { batchSize }),
      ...(threads !== undefined && { threads }),
      ...(sha256 !== undefined && { sha256 }),
    });
  const served = typeof model === 'string' && isServedModel(model);
  return onDevice(device ?? (served ? 'auto' : undefined), load);
}

/** Without the axis of a single channel. */
const planeOf = (shape: readonly number[]): readonly number[] =>
  shape[shape.length - 1] === 1 ? shape.slice(0, -1) : shape;

async function* imagesOf(blocks: AsyncIterable<CorrectedBlock>): AsyncGenerator<Tensor> {
  for await (const block of blocks) yield correctedArrays(block).image;
}

async function* arraysOf(blocks: AsyncIterable<CorrectedBlock>): AsyncGenerator<Record<string, Tensor>> {
  for await (const block of blocks) yield correctedArrays(block);
}
