import { type Imager, imager, JetError, type JetImages, type JetSource, jetImages, type Progress } from '@jetsdk/jets';
import type { RegressionRecipes } from './buildRegressor.js';
import type { RegressionExamples } from './examples.js';

/** Jets read at a time. */
const CHUNK = 512;
const MAX_BYTES = 2 ** 32;

/**
 * All jets of a source as inputs and truth of a network, in memory.
 *
 * @throws {JetError} BAD_DATASET for images, or constituents without charge and vertex; LIMIT_EXCEEDED above 4 GiB; what
 *   the source throws
 */
export async function readExamples(
  source: JetSource,
  { inputs, truth }: RegressionRecipes,
  onProgress?: (progress: Progress) => void,
): Promise<RegressionExamples> {
  const { name, kind, count } = source;
  if (kind !== 'constituents')
    throw new JetError('BAD_DATASET', `${name}: got images; expected constituents with charge and vertex`, { name });
  const makers = [...inputs, ['truth', truth] as const].map(([image, recipe]) => room(image, imager(recipe), count));
  const bytes = makers.reduce((sum, { images }) => sum + images.data.byteLength, 0);
  if (bytes > MAX_BYTES)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: images of ${count} jets take ${bytes} bytes; expected at most ${MAX_BYTES}; take fewer jets`,
      { bytes, limit: MAX_BYTES },
    );
  for (let start = 0; start < count; start += CHUNK) {
    const stop = Math.min(count, start + CHUNK);
    const jets = await source.read(start, stop);
    if (jets.kind === 'constituents')
      for (const { make, images, size } of makers) make.fill(jets, images.data, start * size);
    onProgress?.({ done: stop, total: count });
  }
  const made = makers.map(({ image, images }) => [image, images] as const);
  return { inputs: Object.fromEntries(made.slice(0, -1)), truth: made[made.length - 1]![1] };
}

function room(
  image: string,
  make: Imager,
  count: number,
): { readonly image: string; readonly make: Imager; readonly images: JetImages; readonly size: number } {
  const size = make.shape.reduce((a, b) => a * b, 1);
  return { image, make, size, images: jetImages(new Float32Array(count * size), make.shape) };
}
