import type { Tensor } from '@jetsdk/jets';

/**
 * How much images differ among each other: the root of the summed variances of all pixels.
 *
 * @param images (rows, height, width) each
 */
export function spreadOf(images: readonly Tensor[]): number {
  let variances = 0;
  for (const { shape, data } of images) {
    const [rows] = shape;
    const pixels = data.length / rows;
    for (let pixel = 0; pixel < pixels; pixel++) {
      let sum = 0;
      let squares = 0;
      for (let i = pixel; i < data.length; i += pixels) {
        sum += data[i];
        squares += data[i] ** 2;
      }
      variances += Math.max(0, squares / rows - (sum / rows) ** 2);
    }
  }
  return Math.sqrt(variances);
}
