/** @file What surrounds a transposed convolution that is done as a convolution of places. */
import { copyFloats, floats } from './vector';

/** A (rows × columns) matrix, transposed; its rows are `step` floats apart, those of `out` `outStep`. */
export function exchange(x: usize, step: i32, out: usize, outStep: i32, rows: i32, columns: i32): void {
  for (let r: i32 = 0; r < rows; r++)
    for (let c: i32 = 0; c < columns; c++)
      f32.store(out + floats(c * outStep + r), f32.load(x + floats(r * step + c)));
}

/**
 * Images [first, last), (rows, columns, down · piece), become (tall, line): row r gives `down` rows, each with a piece of every
 * column. The last row and the last piece may end early. With `back` it is the other way round.
 */
export function interleave(
  apart: usize, together: usize, first: i32, last: i32, rows: i32, columns: i32, down: i32, piece: i32, tall: i32, line: i32,
  back: i32,
): void {
  const pixel = floats(down * piece);
  const image = <usize>(rows * columns) * pixel;
  if (back && (tall < rows * down || line < columns * piece)) memory.fill(apart + <usize>first * image, 0, <usize>(last - first) * image);
  for (let n = first; n < last; n++) {
    for (let high: i32 = 0; high < tall; high++) {
      const row = high / down;
      let a = apart + <usize>n * image + <usize>(row * columns) * pixel + floats((high - row * down) * piece);
      let b = together + floats((n * tall + high) * line);
      for (let rest = line; rest > 0; rest -= piece) {
        const bytes = floats(min(piece, rest));
        if (back) copyFloats(a, b, bytes);
        else copyFloats(b, a, bytes);
        a += pixel;
        b += bytes;
      }
    }
  }
}
