import type { Constituents } from '../constituents.js';
import type { PixelateStep, PixelChannel } from '../recipe.js';
import type { Touched } from '../touched.js';

/**
 * Adds one jet to its image.
 *
 * @param image all pixels; those of this jet hold 0 before
 * @param from index of the jet's first pixel
 * @param touched empty before; holds the pixels that got something after
 */
export function pixelate(
  jet: Constituents,
  step: PixelateStep,
  image: Float32Array,
  from: number,
  touched: Touched,
): void {
  const { pixels, halfWidth, channels } = step;
  const { count, eta, phi, bin } = jet;
  const scale = pixels / (2 * halfWidth);
  const depth = channels.length;
  for (let i = 0; i < count; i++) {
    const row = Math.floor((eta[i] + halfWidth) * scale);
    const column = Math.floor((phi[i] + halfWidth) * scale);
    const inside = row >= 0 && row < pixels && column >= 0 && column < pixels;
    bin[i] = inside ? (row * pixels + column) * depth : -1;
  }
  for (let c = 0; c < depth; c++) addChannel(jet, channels[c], c, image, from, touched);
}

function addChannel(
  { count, pt, energy, charge, bin }: Constituents,
  channel: PixelChannel,
  c: number,
  image: Float32Array,
  from: number,
  touched: Touched,
): void {
  const weights = channel === 'energy' ? energy : pt;
  for (let i = 0; i < count; i++) {
    const pixel = bin[i] + c;
    if (pixel < c) continue;
    if (channel === 'charged-pt' && charge[i] === 0) continue;
    if (channel === 'neutral-pt' && charge[i] !== 0) continue;
    image[from + pixel] = image[from + pixel] + (channel === 'multiplicity' ? 1 : weights[i]);
    if (touched.seen[pixel] === 0) {
      touched.seen[pixel] = 1;
      touched.pixel[touched.count++] = pixel;
    }
  }
}
