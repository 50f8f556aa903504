/** @file Numbers with a shape: what networks take and give. */

/** Row-major numbers; the first length of the shape counts jets, or rows. */
export interface Tensor {
  readonly shape: readonly number[];
  /** as many numbers as the shape says */
  readonly data: Float32Array;
}

/** Numbers in a shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** Rows [start, stop) as a view on the same memory. */
export function rowsOf<T extends Tensor>(tensor: T, start: number, stop: number): T {
  const row = sizeOf(tensor.shape.slice(1));
  return {
    ...tensor,
    shape: [stop - start, ...tensor.shape.slice(1)],
    data: tensor.data.subarray(start * row, stop * row),
  };
}

/** Some rows, copied in the order given. */
export function takeRows<T extends Tensor>(tensor: T, rows: ArrayLike<number>): T {
  const row = sizeOf(tensor.shape.slice(1));
  const data = new Float32Array(rows.length * row);
  for (let i = 0; i < rows.length; i++) data.set(tensor.data.subarray(rows[i] * row, (rows[i] + 1) * row), i * row);
  return { ...tensor, shape: [rows.length, ...tensor.shape.slice(1)], data };
}
