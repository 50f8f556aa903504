/** @file One image as a list of its pixels that are not empty: jet images are sparse, and most of the work is in the gaps. */

/** Reused from image to image; `write` empties it. */
export interface SparseImage {
  count: number;
  /** (count,) index in the image, without repetition; has room for every pixel */
  readonly pixel: Int32Array;
  /** (count,) and then 0 */
  readonly value: Float32Array;
  /** (pixels,) for each pixel of the list its place there, from 1 on; 0 for the others */
  readonly place: Int32Array;
}

/** @param size pixels × channels of one image */
export function makeSparseImage(size: number): SparseImage {
  return { count: 0, pixel: new Int32Array(size), value: new Float32Array(size), place: new Int32Array(size) };
}

/** Empties the list. */
export function clear(image: SparseImage): void {
  const { count, pixel, value, place } = image;
  for (let i = 0; i < count; i++) {
    place[pixel[i]] = 0;
    value[i] = 0;
  }
  image.count = 0;
}

/**
 * Writes the pixels of the image and empties the list.
 *
 * @param out all pixels, 0 before
 * @param from index of the image's first pixel
 * @returns whether all pixels are finite
 */
export function write(image: SparseImage, out: Float32Array, from: number): boolean {
  const { count, pixel, value, place } = image;
  let zero = 0;
  for (let i = 0; i < count; i++) {
    const at = pixel[i];
    const number = value[i];
    zero += number * 0;
    out[from + at] = number;
    value[i] = 0;
    place[at] = 0;
  }
  image.count = 0;
  return zero === 0;
}

/** Lists the pixels of a given image that are not 0. The list is empty before. */
export function read(image: SparseImage, given: Float32Array, from: number, size: number): void {
  const list = (at: number): void => {
    if (given[from + at] !== 0) append(image, at, given[from + at]);
  };
  // four at a time, since most are empty
  const whole = size - (size % 4);
  for (let four = 0; four < whole; four += 4) {
    const at = from + four;
    const sum = Math.abs(given[at]) + Math.abs(given[at + 1]) + Math.abs(given[at + 2]) + Math.abs(given[at + 3]);
    if (sum !== 0) for (let i = 0; i < 4; i++) list(four + i);
  }
  for (let at = whole; at < size; at++) list(at);
}

/** Whether all listed pixels are finite; the others are 0. */
export function allFinite({ count, value }: SparseImage): boolean {
  let zero = 0;
  for (let i = 0; i < count; i++) zero += value[i] * 0;
  return zero === 0;
}

/** Lists every pixel, in their order. */
export function listAll(image: SparseImage, size: number): void {
  const all = new Float32Array(size);
  write(image, all, 0);
  for (let at = 0; at < size; at++) append(image, at, all[at]);
}

function append(image: SparseImage, at: number, value: number): void {
  image.pixel[image.count] = at;
  image.value[image.count] = value;
  image.place[at] = ++image.count;
}
