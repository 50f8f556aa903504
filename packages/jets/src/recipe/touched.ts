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
  for (let i = 0; i < touched.count; i++) touched.seen[touched.pixel[i]!] = 0;
  touched.count = 0;
}

/** Lists the pixels of a given image that are not 0. */
export function touch(touched: Touched, image: Float32Array, from: number): void {
  for (let pixel = 0; pixel < touched.seen.length; pixel++) {
    if (image[from + pixel] === 0) continue;
    touched.seen[pixel] = 1;
    touched.pixel[touched.count++] = pixel;
  }
}

/** Lists every pixel. */
export function touchAll(touched: Touched): void {
  touched.count = touched.seen.length;
  touched.seen.fill(1);
  for (let pixel = 0; pixel < touched.count; pixel++) touched.pixel[pixel] = pixel;
}
