import { JetError } from '../errors.js';
import type { NormaliseStep } from './recipe.js';

/**
 * Scales one image in place.
 *
 * @param image all pixels
 * @param from index of the image's first pixel
 * @param size pixels × channels of one image
 * @throws {JetError} SHAPE_MISMATCH if the stored mean or std has neither one number nor one per pixel
 */
export function normalise(image: Float32Array, from: number, size: number, step: NormaliseStep): void {
  const end = from + size;
  if (step.by === 'standardise') {
    const mean = perPixel(step.mean!, size, 'mean');
    const std = perPixel(step.std!, size, 'std');
    for (let i = from; i < end; i++) image[i] = (image[i]! - mean(i - from)) / std(i - from);
    return;
  }
  let norm = 0;
  if (step.by === 'max') for (let i = from; i < end; i++) norm = Math.max(norm, image[i]!);
  else if (step.by === 'sum') for (let i = from; i < end; i++) norm += image[i]!;
  else {
    for (let i = from; i < end; i++) norm += image[i]! * image[i]!;
    norm = Math.sqrt(norm);
  }
  if (norm > 0) for (let i = from; i < end; i++) image[i] = image[i]! / norm;
}

function perPixel(values: readonly number[], size: number, what: string): (pixel: number) => number {
  const [only] = values;
  if (values.length === 1) return () => only!;
  if (values.length !== size)
    throw new JetError(
      'SHAPE_MISMATCH',
      `normalise: ${values.length} numbers in ${what}, ${size} pixels in an image; expected 1 or ${size}`,
      { [what]: values.length, pixels: size },
    );
  return (pixel) => values[pixel]!;
}
