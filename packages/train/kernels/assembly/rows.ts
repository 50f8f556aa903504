/** @file Rows of a table by number, and rows summed by number. */
import { copyFloats, floats } from './vector';

/** Rows [first, last): row n is that of the table with the number at n, `width` floats. */
export function lookup(table: usize, numbers: usize, out: usize, first: i32, last: i32, width: i32): void {
  const row = floats(width);
  for (let n = first; n < last; n++)
    copyFloats(out + <usize>n * row, table + <usize>i32.load(numbers + floats(n)) * row, row);
}

/** Adds each of `rows` rows to the sum with its number; numbers below 0 and from `segments` on have none. */
export function segmentSums(x: usize, numbers: usize, sums: usize, rows: i32, width: i32, segments: i32): void {
  const row = floats(width);
  const whole = row & ~15;
  for (let n: i32 = 0; n < rows; n++, x += row) {
    const number = i32.load(numbers + floats(n));
    if (number < 0 || number >= segments) continue;
    const sum = sums + <usize>number * row;
    for (let i: usize = 0; i < whole; i += 16) v128.store(sum + i, f32x4.add(v128.load(sum + i), v128.load(x + i)));
    for (let i = whole; i < row; i += 4) f32.store(sum + i, f32.load(sum + i) + f32.load(x + i));
  }
}
