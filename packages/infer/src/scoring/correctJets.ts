/** @file Jets of a source, corrected, with their pT and mass. */
import {
  type CorrectedJets,
  JetError,
  type JetImages,
  type JetSource,
  type Jets,
  type Progress,
  type Tensor,
} from '@jetsdk/jets';
import type { Regressor } from './regressor.js';

/** Consecutive jets, corrected. */
export interface CorrectedBlock extends CorrectedJets {
  /** number of the first */
  readonly start: number;
  readonly jets: Jets;
  /** what the network gives of each */
  readonly images: JetImages;
}

export interface CorrectOptions {
  /** after each block */
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Jets that are read and corrected at a time. */
const BLOCK = 4096;

/**
 * Jets of a source block by block, in memory that does not grow with their number.
 *
 * @param source constituents with charge and vertex
 * @throws {JetError} BAD_DATASET for images; as `Regressor.correct` and the reading of the source
 */
export async function* correctJets(
  regressor: Regressor,
  source: JetSource,
  { onProgress, signal }: CorrectOptions = {},
): AsyncGenerator<CorrectedBlock, void, undefined> {
  const { correctedJets } = await import('./images.js');
  const { name, recipe, output } = regressor.info;
  for (let start = 0; start < source.count; start += BLOCK) {
    const stop = Math.min(source.count, start + BLOCK);
    const jets = await source.read(start, stop);
    if (jets.kind !== 'constituents')
      throw new JetError(
        'BAD_DATASET',
        `${source.name}: got images; expected constituents with charge and vertex, of which ${name} makes its images`,
      );
    const { shape, data } = await regressor.correct(jets, signal && { signal });
    const images: JetImages = { kind: 'images', shape, data };
    yield { start, jets, images, ...correctedJets(images, jets, { recipe, halfWidth: output.halfWidth }) };
    onProgress?.({ done: stop, total: source.count });
  }
}

/**
 * A block as the arrays of a file, for `writeArrays`; `readCorrections` reads them.
 *
 * @returns image (n, height, width) without the axis of a single channel, pt and mass (n,) in GeV
 */
export function correctedArrays({ images, pt, mass }: CorrectedBlock): Record<'image' | 'pt' | 'mass', Tensor> {
  const [jets, height, width, channels] = images.shape;
  const column = (values: Float64Array): Tensor => ({ shape: [jets], data: Float32Array.from(values) });
  const plane = channels === 1 ? [height, width] : [height, width, channels];
  return { image: { shape: [jets, ...plane], data: images.data }, pt: column(pt), mass: column(mass) };
}
