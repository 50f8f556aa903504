/** @file Which pixels of one image are not empty: jet images are sparse, and most of the work is in the gaps. */

/** Reused from image to image; `clear` it after each. */
export interface Touched {
  count: number;
  /** (count,) index in the image, without repetition */
  readonly pixel: Int32Array;
  /** (pixels,) 1 for each pixel of the list */
  readonly seen: Uint8Array;
}

/** @param size pixels × channels of one image */
export function makeTouched(size: number): Touched {
  return { count: 0, pixel: new Int32Array(size), seen: new Uint8Array(size) };
}

/**
 * Empties the list.
 *
 * @returns whether all listed pixels of the image are finite
 */
export function clear(touched: Touched, image: Float32Array, from: number): boolean {
  const { count, pixel, seen } = touched;
  let finite = true;
  for (let i = 0; i < count; i++) {
    const at = pixel[i];
    seen[at] = 0;
    // a branch that is never taken costs less than a sum
    if (image[from + at] * 0 !== 0) finite = false;
  }
  touched.count = 0;
  return finite;
}

/** Lists the pixels of a given image that are not 0, in place of what was listed; `seen` stays as it is. */
export function touch(touched: Touched, image: Float32Array, from: number): void {
  const { pixel } = touched;
  let count = 0;
  // four at a time, since most are empty
  const whole = pixel.length - (pixel.length % 4);
  for (let four = 0; four < whole; four += 4) {
    const at = from + four;
    const sum = Math.abs(image[at]) + Math.abs(image[at + 1]) + Math.abs(image[at + 2]) + Math.abs(image[at + 3]);
    if (sum === 0) continue;
    for (let i = 0; i < 4; i++) if (image[at + i] !== 0) pixel[count++] = four + i;
  }
  for (let i = whole; i < pixel.length; i++) if (image[from + i] !== 0) pixel[count++] = i;
  touched.count = count;
}

/** Whether all listed pixels of an image are finite; the others are 0. */
export function allFinite({ count, pixel }: Touched, image: Float32Array, from: number): boolean {
  let zero = 0;
  for (let i = 0; i < count; i++) zero += image[from + pixel[i]] * 0;
  return zero === 0;
}

/** Lists every pixel. */
export function touchAll(touched: Touched): void {
  touched.count = touched.seen.length;
  touched.seen.fill(1);
  for (let pixel = 0; pixel < touched.count; pixel++) touched.pixel[pixel] = pixel;
}
