/** @file Which pixels a tagger's answer goes with. */
import { JetError } from '@jetsdk/jets';
import { checkFinite } from '../parts/check.js';
import { type JetImage, type JetImageOptions, jetImage } from './jetImage.js';

export type CorrelationOptions = Pick<JetImageOptions, 'width' | 'theme' | 'document' | 'halfWidth' | 'quantity'>;

/**
 * Draws the correlation of each pixel with the network's output, blue below zero, red above.
 *
 * @param image correlation coefficients in [−1, 1]; not modified
 * @returns SVG
 * @throws {JetError} OUT_OF_RANGE outside [−1, 1]; NOT_FINITE; SHAPE_MISMATCH
 * @see arXiv:1511.05190, section 4.2
 */
export function pixelCorrelation(image: JetImage, options: CorrelationOptions = {}): string {
  checkFinite('pixelCorrelation', 'coefficients', image.pixels);
  for (let i = 0; i < image.pixels.length; i++)
    if (Math.abs(image.pixels[i]) > 1 + 1e-6)
      throw new JetError(
        'OUT_OF_RANGE',
        `pixelCorrelation: coefficient ${i}, got ${image.pixels[i]}; expected −1 to 1`,
        { index: i, value: image.pixels[i] },
      );
  return jetImage(image, { quantity: 'Correlation with the score', ...options, scale: 'diverging' });
}
