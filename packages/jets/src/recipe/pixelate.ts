import type { Constituents } from './constituents.js';
import type { PixelateStep, PixelChannel } from './recipe.js';

/**
 * Adds one jet to its image.
 *
 * @param image all pixels; those of this jet hold 0 before
 * @param from index of the jet's first pixel
 */
export function pixelate(jet: Constituents, step: PixelateStep, image: Float32Array, from: number): void {
  const { pixels, halfWidth, channels } = step;
  const scale = pixels / (2 * halfWidth);
  const depth = channels.length;
  for (let i = 0; i < jet.count; i++) {
    const row = Math.floor((jet.eta[i]! + halfWidth) * scale);
    const column = Math.floor((jet.phi[i]! + halfWidth) * scale);
    if (column < 0 || column >= pixels || row < 0 || row >= pixels) continue;
    const at = from + (row * pixels + column) * depth;
    for (let c = 0; c < depth; c++) image[at + c] = image[at + c]! + weight(jet, i, channels[c]!);
  }
}

function weight(jet: Constituents, i: number, channel: PixelChannel): number {
  switch (channel) {
    case 'pt':
      return jet.pt[i]!;
    case 'energy':
      return jet.energy[i]!;
    case 'charged-pt':
      return jet.charge[i] === 0 ? 0 : jet.pt[i]!;
    case 'neutral-pt':
      return jet.charge[i] === 0 ? jet.pt[i]! : 0;
    case 'multiplicity':
      return 1;
  }
}
