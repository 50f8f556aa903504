/** @file Images enlarged by whole numbers, and the gradient of it. */
import { copyFloats, floats } from './vector';

/** Rows [first, last) of all images: `width` pixels of `channels` floats, each `across` times, in `down` rows. */
export function enlarge(
  x: usize, y: usize, first: i32, last: i32, width: i32, channels: i32, down: i32, across: i32,
): void {
  const pixel = floats(channels);
  const row = <usize>(width * across) * pixel;
  let from = x + <usize>(first * width) * pixel;
  for (let n = first; n < last; n++) {
    const line = y + <usize>(n * down) * row;
    for (let to = line; to < line + row; from += pixel)
      for (let copy: i32 = 0; copy < across; copy++, to += pixel) copyFloats(to, from, pixel);
    for (let copy: i32 = 1; copy < down; copy++) copyFloats(line + <usize>copy * row, line, row);
  }
}

/** Gradient of `enlarge`: a pixel has the sum of all that were made of it, row by row. */
export function enlargeGradient(
  dy: usize, dx: usize, first: i32, last: i32, width: i32, channels: i32, down: i32, across: i32,
): void {
  const pixel = floats(channels);
  const whole = pixel & ~15;
  const row = <usize>(width * across) * pixel;
  let to = dx + <usize>(first * width) * pixel;
  for (let n = first; n < last; n++) {
    const line = dy + <usize>(n * down) * row;
    for (let from = line; from < line + row; from += <usize>across * pixel, to += pixel) {
      for (let c: usize = 0; c < whole; c += 16) {
        let sum = f32x4.splat(0);
        for (let high: i32 = 0; high < down; high++)
          for (let wide: i32 = 0; wide < across; wide++)
            sum = f32x4.add(sum, v128.load(from + <usize>high * row + <usize>wide * pixel + c));
        v128.store(to + c, sum);
      }
      for (let c = whole; c < pixel; c += 4) {
        let sum: f32 = 0;
        for (let high: i32 = 0; high < down; high++)
          for (let wide: i32 = 0; wide < across; wide++)
            sum += f32.load(from + <usize>high * row + <usize>wide * pixel + c);
        f32.store(to + c, sum);
      }
    }
  }
}
