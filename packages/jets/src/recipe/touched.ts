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

export function clear(touched: Touched): void {
  for (let i = 0; i < touched.count; i++) touched.seen[touched.pixel[i]] = 0;
  touched.count = 0;
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

/** Lists every pixel. */
export function touchAll(touched: Touched): void {
  touched.count = touched.seen.length;
  touched.seen.fill(1);
  for (let pixel = 0; pixel < touched.count; pixel++) touched.pixel[pixel] = pixel;
}
