import {
  type Imager,
  imager,
  JetError,
  type JetImages,
  type JetSource,
  jetImages,
  type Progress,
  requireMemory,
  sizeOf,
  turn,
} from '@jetsdk/jets';
import type { RegressionRecipes } from './buildRegressor.js';
import type { RegressionExamples } from './examples.js';

/** Jets read at a time. */
const CHUNK = 512;

/**
 * All jets of a source as inputs and truth of a network, in memory.
 *
 * @throws {JetError} BAD_DATASET for images, or constituents without charge and vertex; LIMIT_EXCEEDED above the budget of memory; what
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
  const imagers = [...inputs, ['truth', truth] as const].map(([image, recipe]) => ({ image, make: imager(recipe) }));
  requireMemory(
    'inputs',
    imagers.reduce((sum, { make }) => sum + 4 * count * sizeOf(make.shape), 0),
    `${name}: images of ${count} jets`,
    'take fewer jets',
  );
  const makers = imagers.map(({ image, make }) => room(image, make, count));
  for (let start = 0; start < count; start += CHUNK) {
    const stop = Math.min(count, start + CHUNK);
    const jets = await source.read(start, stop);
    if (jets.kind === 'constituents')
      for (const { make, images, size } of makers) make.fill(jets, images.data, start * size);
    onProgress?.({ done: stop, total: count });
    await turn();
  }
  const made = makers.map(({ image, images }) => [image, images] as const);
  return { inputs: Object.fromEntries(made.slice(0, -1)), truth: made[made.length - 1]![1] };
}

function room(
  image: string,
  make: Imager,
  count: number,
): { readonly image: string; readonly make: Imager; readonly images: JetImages; readonly size: number } {
  const size = sizeOf(make.shape);
  return { image, make, size, images: jetImages(new Float32Array(count * size), make.shape) };
}
