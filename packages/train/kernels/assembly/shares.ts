/** @file Softmax over the last axis, sums of products over it, and their gradients, for rows [first, last) of `width` numbers. */
import { floats, loadFirst, madd, storeFour } from './vector';

/** Below, exp has no normal float32. */
const LEAST: f32 = -87.33654;

/**
 * exp of four numbers up to 0, good to two units in the last place: 2ⁿ and a polynomial on ±½ ln 2 (Cephes' expf).
 * NaN stays NaN, and what would be below the smallest normal number is 0.
 */
@inline
function exp(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  const r = madd(n, f32x4.splat(2.12194440e-4), madd(n, f32x4.splat(-0.693359375), x));
  let p = madd(f32x4.splat(1.9875691500e-4), r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(p, power), f32x4.lt(x, f32x4.splat(LEAST)));
}

/** A float as a double: sums and what is made of them are rounded once. */
@inline
function wide(at: usize): f64 {
  return <f64>f32.load(at);
}

/** Two pairs, each the other way round. */
@inline
function swapped(pairs: v128): v128 {
  return v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2);
}

/** `shares` of rows of two, which in-painting has: two rows at a time. */
function sharesOfPairs(x: usize, y: usize, first: i32, last: i32): void {
  const end = y + floats(2 * last);
  let from = x + floats(2 * first);
  for (let to = y + floats(2 * first); to < end; to += 16, from += 16) {
    const count = <i32>((end - to) >> 2);
    const given = loadFirst(from, count);
    const parts = exp(f32x4.sub(given, f32x4.max(given, swapped(given))));
    storeFour(to, f32x4.div(parts, f32x4.add(parts, swapped(parts))), count);
  }
}

/** `sharesGradient` of rows of two. */
function pairsGradient(y: usize, dy: usize, out: usize, first: i32, last: i32): void {
  const end = floats(2 * last);
  for (let at = floats(2 * first); at < end; at += 16) {
    const count = <i32>((end - at) >> 2);
    const parts = loadFirst(y + at, count);
    const given = loadFirst(dy + at, count);
    const products = f32x4.mul(parts, given);
    storeFour(out + at, f32x4.mul(parts, f32x4.sub(given, f32x4.add(products, swapped(products)))), count);
  }
}

/** y = exp(x) over its sum along a row. */
export function shares(x: usize, y: usize, first: i32, last: i32, width: i32): void {
  if (width == 2) {
    sharesOfPairs(x, y, first, last);
    return;
  }
  const row = floats(width);
  const begin = y + <usize>first * row;
  const end = y + <usize>last * row;
  let from = x + <usize>first * row;
  for (let to = begin; to < end; to += row, from += row) {
    let largest = f32.load(from);
    for (let i: usize = 4; i < row; i += 4) largest = max(largest, f32.load(from + i));
    for (let i: usize = 0; i < row; i += 4) f32.store(to + i, f32.load(from + i) - largest);
  }
  for (let to = begin; to < end; to += 16) {
    const count = <i32>((end - to) >> 2);
    storeFour(to, exp(loadFirst(to, count)), count);
  }
  for (let to = begin; to < end; to += row) {
    let sum: f64 = 0;
    for (let i: usize = 0; i < row; i += 4) sum += wide(to + i);
    for (let i: usize = 0; i < row; i += 4) f32.store(to + i, <f32>(wide(to + i) / sum));
  }
}

/** Gradient of `shares` by x: y · (dy − Σ y · dy). */
export function sharesGradient(y: usize, dy: usize, out: usize, first: i32, last: i32, width: i32): void {
  if (width == 2) {
    pairsGradient(y, dy, out, first, last);
    return;
  }
  const row = floats(width);
  for (let n = first; n < last; n++) {
    const at = <usize>n * row;
    let sum: f64 = 0;
    for (let i: usize = at; i < at + row; i += 4) sum += wide(y + i) * wide(dy + i);
    for (let i: usize = at; i < at + row; i += 4) f32.store(out + i, <f32>(wide(y + i) * (wide(dy + i) - sum)));
  }
}

/** One number a row: Σ x · weights. */
export function weightedSum(x: usize, weights: usize, out: usize, first: i32, last: i32, width: i32): void {
  const row = floats(width);
  for (let n = first; n < last; n++) {
    const at = <usize>n * row;
    let sum: f64 = 0;
    for (let i: usize = at; i < at + row; i += 4) sum += wide(x + i) * wide(weights + i);
    f32.store(out + floats(n), <f32>sum);
  }
}

/** A row of x times the one number that dy has for it. */
export function scaled(x: usize, dy: usize, out: usize, first: i32, last: i32, width: i32): void {
  const row = floats(width);
  for (let n = first; n < last; n++) {
    const at = <usize>n * row;
    const factor = f32.load(dy + floats(n));
    for (let i: usize = at; i < at + row; i += 4) f32.store(out + i, f32.load(x + i) * factor);
  }
}
