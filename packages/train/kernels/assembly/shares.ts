/** @file Softmax over the last axis, sums of products over it, and their gradients, for rows [first, last) of `width` numbers. */
import { exp } from './exp';
import { floats, loadFirst, storeFirst, storeFour } from './vector';

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

/** The first and the second numbers of four pairs. */
@inline
function firsts(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(low, high, 0, 2, 4, 6);
}

@inline
function seconds(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(low, high, 1, 3, 5, 7);
}

/** `shares` of rows of two, which in-painting has: four rows at a time, for which one exp is enough, the other is 1. */
function sharesOfPairs(x: usize, y: usize, first: i32, last: i32): void {
  const one = f32x4.splat(1);
  const end = y + floats(2 * last);
  let from = x + floats(2 * first);
  for (let to = y + floats(2 * first); to < end; to += 32, from += 32) {
    const count = <i32>((end - to) >> 2);
    const low = loadFirst(from, count);
    const high = count > 4 ? loadFirst(from + 16, count - 4) : low;
    const difference = f32x4.sub(firsts(low, high), seconds(low, high));
    const part = exp(f32x4.neg(f32x4.abs(difference)));
    const sum = f32x4.add(one, part);
    const smaller = f32x4.div(part, sum);
    const larger = f32x4.div(one, sum);
    const isSmaller = f32x4.lt(difference, f32x4.splat(0));
    const a = v128.bitselect(smaller, larger, isSmaller);
    const b = v128.bitselect(larger, smaller, isSmaller);
    storeFirst(to, v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7), count);
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
    const swapped = v128.shuffle<f32>(products, products, 1, 0, 3, 2);
    storeFour(out + at, f32x4.mul(parts, f32x4.sub(given, f32x4.add(products, swapped))), count);
  }
}

/** `weightedSum` of rows of two, four rows at a time. */
function weightedSumOfPairs(x: usize, weights: usize, out: usize, first: i32, last: i32): void {
  const end = floats(last);
  for (let at = floats(first); at < end; at += 16) {
    const rows = <i32>((end - at) >> 2);
    const low = f32x4.mul(loadFirst(x + 2 * at, 2 * rows), loadFirst(weights + 2 * at, 2 * rows));
    const rest = 2 * rows - 4;
    const high = rest > 0 ? f32x4.mul(loadFirst(x + 2 * at + 16, rest), loadFirst(weights + 2 * at + 16, rest)) : low;
    storeFour(out + at, f32x4.add(firsts(low, high), seconds(low, high)), rows);
  }
}

/** `weightedSumGradient` of rows of two, two rows at a time. */
function pairedSumGradient(x: usize, weights: usize, dy: usize, dx: usize, dWeights: usize, first: i32, last: i32): void {
  const end = floats(last);
  for (let at = floats(first); at < end; at += 8) {
    const rows = <i32>((end - at) >> 2);
    const given = v128.load64_zero(dy + at);
    const factors = v128.shuffle<f32>(given, given, 0, 0, 1, 1);
    storeFour(dx + 2 * at, f32x4.mul(loadFirst(weights + 2 * at, 2 * rows), factors), 2 * rows);
    storeFour(dWeights + 2 * at, f32x4.mul(loadFirst(x + 2 * at, 2 * rows), factors), 2 * rows);
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
  if (width == 2) {
    weightedSumOfPairs(x, weights, out, first, last);
    return;
  }
  const row = floats(width);
  for (let n = first; n < last; n++) {
    const at = <usize>n * row;
    let sum: f64 = 0;
    for (let i: usize = at; i < at + row; i += 4) sum += wide(x + i) * wide(weights + i);
    f32.store(out + floats(n), <f32>sum);
  }
}

/** Gradients of `weightedSum`: a row of the one times the number that dy has for it is that of the other. */
export function weightedSumGradient(
  x: usize, weights: usize, dy: usize, dx: usize, dWeights: usize, first: i32, last: i32, width: i32,
): void {
  if (width == 2) {
    pairedSumGradient(x, weights, dy, dx, dWeights, first, last);
    return;
  }
  const row = floats(width);
  for (let n = first; n < last; n++) {
    const at = <usize>n * row;
    const factor = f32.load(dy + floats(n));
    for (let i: usize = at; i < at + row; i += 4) {
      f32.store(dx + i, f32.load(weights + i) * factor);
      f32.store(dWeights + i, f32.load(x + i) * factor);
    }
  }
}
