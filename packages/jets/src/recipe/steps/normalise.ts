import { JetError } from '../../errors.js';
import type { NormaliseStep } from '../recipe.js';
import { type Touched, touchAll } from '../touched.js';

/**
 * Scales one image in place.
 *
 * @param image all pixels
 * @param from index of the image's first pixel
 * @param size pixels × channels of one image
 * @param touched the pixels that are not 0; all of them after `standardise`
 * @throws {JetError} SHAPE_MISMATCH if the stored mean or std has neither one number nor one per pixel
 */
export function normalise(
  image: Float32Array,
  from: number,
  size: number,
  step: NormaliseStep,
  touched: Touched,
): void {
  if (step.by === 'standardise') {
    standardise(image, from, size, step.mean!, step.std!);
    touchAll(touched);
    return;
  }
  const { count, pixel } = touched;
  let norm = 0;
  for (let i = 0; i < count; i++) {
    const value = image[from + pixel[i]];
    if (step.by === 'sum') norm += value;
    else if (step.by === 'l2') norm += value * value;
    else if (value > norm) norm = value;
  }
  if (step.by === 'l2') norm = Math.sqrt(norm);
  if (!(norm > 0)) return;
  for (let i = 0; i < count; i++) {
    const at = from + pixel[i];
    image[at] = image[at] / norm;
  }
}

function standardise(
  image: Float32Array,
  from: number,
  size: number,
  mean: readonly number[],
  std: readonly number[],
): void {
  for (const [what, values] of Object.entries({ mean, std }))
    if (values.length !== 1 && values.length !== size)
      throw new JetError(
        'SHAPE_MISMATCH',
        `normalise: ${values.length} numbers in ${what}, ${size} pixels in an image; expected 1 or ${size}`,
        { [what]: values.length, pixels: size },
      );
  for (let i = 0; i < size; i++) {
    const m = mean[mean.length === 1 ? 0 : i];
    const s = std[std.length === 1 ? 0 : i];
    image[from + i] = (image[from + i] - m) / s;
  }
}
