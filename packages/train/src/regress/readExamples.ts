import {
  type Imager,
  imager,
  JetError,
  type JetImages,
  type JetSource,
  jetImages,
  type Progress,
  type Recipe,
  random,
  requireMemory,
  sizeOf,
  turn,
} from '@jetsdk/jets';
import { derivedSeed } from '../seeds.js';
import type { RegressionRecipes } from './buildRegressor.js';
import type { RegressionExamples } from './examples.js';
import { pileupOf } from './overlay.js';

/** Jets read at a time. */
const CHUNK = 512;

export interface ReadExamplesOptions {
  /** a seed: pile-up is read apart as well, all of that of each jet and a random part of it, for jets to exchange */
  readonly overlay?: number;
  onProgress?(progress: Progress): void;
}

/**
 * All jets of a source as inputs and truth of a network, in memory.
 *
 * @throws {JetError} BAD_DATASET for images, or constituents without charge and vertex; LIMIT_EXCEEDED above the budget of
 *   memory; BAD_ARGUMENT for an overlay where images are no sums of jet and pile-up; what the source throws
 */
export async function readExamples(
  source: JetSource,
  { inputs, truth }: RegressionRecipes,
  { overlay, onProgress }: ReadExamplesOptions = {},
): Promise<RegressionExamples> {
  const { name, kind, count } = source;
  if (kind !== 'constituents')
    throw new JetError('BAD_DATASET', `${name}: got images; expected constituents with charge and vertex`, { name });
  const imagers = [...inputs].map(([image, recipe]) => makerOf(image, recipe, count));
  const target = makerOf('truth', truth, count);
  const pileup = overlay === undefined ? [] : [...inputs].filter(seesPileup);
  const apart = pileup.map(([image, recipe]) => makerOf(image, recipe, 2 * count));
  requireMemory(
    'inputs',
    [...imagers, target, ...apart].reduce((sum, { make, rows }) => sum + 4 * rows * sizeOf(make.shape), 0),
    `${name}: images of ${count} jets`,
    'take fewer jets',
  );
  const makers = [...imagers, target].map(room);
  const others = apart.map(room);
  const thin = random(derivedSeed(overlay ?? 0, 'draw'));
  for (let start = 0; start < count; start += CHUNK) {
    const stop = Math.min(count, start + CHUNK);
    const jets = await source.read(start, stop);
    if (jets.kind === 'constituents') {
      for (const { make, images, size } of makers) make.fill(jets, images.data, start * size);
      if (others.length > 0) {
        const [all, part] = [pileupOf(jets), pileupOf(jets, thin)];
        for (const { make, images, size } of others) {
          make.fill(all, images.data, start * size);
          make.fill(part, images.data, (count + start) * size);
        }
      }
    }
    onProgress?.({ done: stop, total: count });
    await turn();
  }
  const made = makers.map(({ image, images }) => [image, images] as const);
  return {
    inputs: Object.fromEntries(made.slice(0, -1)),
    truth: made[made.length - 1][1],
    ...(others.length > 0 && { pileup: Object.fromEntries(others.map(({ image, images }) => [image, images])) }),
  };
}

interface Maker {
  readonly image: string;
  readonly make: Imager;
  /** images that it makes */
  readonly rows: number;
}

const makerOf = (image: string, recipe: Recipe, rows: number): Maker => ({ image, make: imager(recipe), rows });

function room({ image, make, rows }: Maker): Maker & { readonly images: JetImages; readonly size: number } {
  const size = sizeOf(make.shape);
  return { image, make, rows, size, images: jetImages(new Float32Array(rows * size), make.shape) };
}

/** @throws {JetError} BAD_ARGUMENT if the image is not the sum of those of the jet and of its pile-up */
function seesPileup([image, { name, steps }]: readonly [string, Recipe]): boolean {
  const [first, second] = steps;
  if (first?.step !== 'pixelate' || second !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `readExamples: recipe ${name} changes image ${image} beside making it; expected pixelate alone where jets exchange their pile-up`,
      { image },
    );
  return first.channels.some((channel) => channel !== 'charged-leading-pt' && channel !== 'neutral-leading-pt');
}
