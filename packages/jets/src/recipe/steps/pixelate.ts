import { name, object, oneOf, optional, positive, someOf, suchThat, whole } from '../../json.js';
import type { Constituents, Summed } from '../constituents.js';
import type { PixelRule } from './step.js';

/**
 * What a pixel adds up. Charged and neutral need `Jets.charge`; leading (from the leading vertex) and pileup (from any
 * other) need `Jets.vertex`.
 */
export type PixelChannel =
  | 'pt'
  | 'energy'
  | 'charged-pt'
  | 'neutral-pt'
  | 'charged-leading-pt'
  | 'charged-pileup-pt'
  | 'neutral-leading-pt'
  | 'multiplicity';

/** What a channel adds up, and of which constituents. */
export const SUMS: Readonly<Record<PixelChannel, Summed>> = {
  pt: { of: 'pt' },
  energy: { of: 'energy' },
  'charged-pt': { of: 'pt', charged: true },
  'neutral-pt': { of: 'pt', charged: false },
  'charged-leading-pt': { of: 'pt', charged: true, leading: true },
  'charged-pileup-pt': { of: 'pt', charged: true, leading: false },
  'neutral-leading-pt': { of: 'pt', charged: false, leading: true },
  multiplicity: { of: 'one' },
};

/**
 * Histogram over the square (−halfWidth, halfWidth)² of `pixels` × `pixels` equal bins.
 * First axis (row) = η, second axis (column) = φ, both rising, as NumPy's `histogram2d(eta, phi)` has them. A constituent at x lies in bin ⌊(x + halfWidth) · pixels / (2 halfWidth)⌋;
 * outside the square it is left out.
 */
export interface PixelateStep {
  readonly step: 'pixelate';
  /** a whole number from 1 to 4096 */
  readonly pixels: number;
  /** in units of η and radians, from 1e-6 to 1e6 */
  readonly halfWidth: number;
  readonly channels: readonly PixelChannel[];
  /** name of the image, where the recipe makes several */
  readonly image?: string;
}

export const pixelate: PixelRule<PixelateStep> = {
  on: 'pixels',
  says: 'makes the image: `pixels` × `pixels` equal bins over ±`halfWidth` in η (rows) and φ (columns), summing for each of the `channels` `pt`, `energy`, `charged-pt`, `neutral-pt`, `charged-leading-pt`, `charged-pileup-pt`, `neutral-leading-pt` (GeV) or `multiplicity`; a recipe with several such steps makes several images, each with a name as `image`',
  check: object({
    step: oneOf('pixelate'),
    pixels: whole(1, 4096),
    halfWidth: suchThat(positive, 'a number from 1e-6 to 1e6', (value) => value >= 1e-6 && value <= 1e6),
    channels: someOf(...(Object.keys(SUMS) as PixelChannel[])),
    image: optional(name),
  }),
  act: fillImage,
};

function fillImage(jet: Constituents, { pixels, halfWidth, channels }: PixelateStep): boolean {
  const finite = jet.loops.place(jet, pixels, halfWidth, channels.length);
  for (let c = 0; c < channels.length; c++) jet.loops.addUp(jet, c, SUMS[channels[c]]);
  return finite;
}
