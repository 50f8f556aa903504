import { name, object, oneOf, optional, positive, someOf, suchThat, whole } from '../../json.js';
import type { Constituents } from '../constituents.js';
import type { Touched } from '../touched.js';
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

interface Selection {
  /** charged constituents alone, or neutral ones; absent: both */
  readonly charged?: boolean;
  /** of the leading vertex alone, or of others; absent: both */
  readonly leading?: boolean;
}

/** Which constituents a channel adds up. */
export const SELECTIONS: Readonly<Record<PixelChannel, Selection>> = {
  pt: {},
  energy: {},
  'charged-pt': { charged: true },
  'neutral-pt': { charged: false },
  'charged-leading-pt': { charged: true, leading: true },
  'charged-pileup-pt': { charged: true, leading: false },
  'neutral-leading-pt': { charged: false, leading: true },
  multiplicity: {},
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
    channels: someOf(...(Object.keys(SELECTIONS) as PixelChannel[])),
    image: optional(name),
  }),
  act: fillImage,
};

function fillImage(
  jet: Constituents,
  step: PixelateStep,
  image: Float32Array,
  from: number,
  touched: Touched,
): boolean {
  const { pixels, halfWidth, channels } = step;
  const depth = channels.length;
  const finite = jet.loops.place(jet, pixels, halfWidth, depth);
  for (let c = 0; c < depth; c++) addChannel(jet, channels[c], c, image, from, touched);
  return finite;
}

function addChannel(
  { count, pt, energy, charge, vertex, bin }: Constituents,
  channel: PixelChannel,
  c: number,
  image: Float32Array,
  from: number,
  touched: Touched,
): void {
  const weights = channel === 'energy' ? energy : pt;
  const { charged, leading } = SELECTIONS[channel];
  const { seen, pixel: list } = touched;
  let listed = touched.count;
  for (let i = 0; i < count; i++) {
    const pixel = bin[i] + c;
    if (pixel < c) continue;
    if (charged !== undefined && (charge[i] !== 0) !== charged) continue;
    if (leading !== undefined && (vertex[i] === 0) !== leading) continue;
    image[from + pixel] = image[from + pixel] + (channel === 'multiplicity' ? 1 : weights[i]);
    if (seen[pixel] === 0) {
      seen[pixel] = 1;
      list[listed++] = pixel;
    }
  }
  touched.count = listed;
}
