/**
 * @file Means of rows of few numbers, weighted by the softmax of as many others, and their gradients, for rows [first, last) of `width`
 * numbers. Pairs, which in-painting has, go four rows at a time.
 */
import { exp } from './exp';
import { floats, loadFirst, madd, storeFirst, storeFour } from './vector';

/** A float as a double: sums and what is made of them are rounded once. */
@inline
function wide(at: usize): f64 {
  return <f64>f32.load(at);
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

/** Four pairs of which the firsts are `a` and the seconds `b`, the first `rows` of them. */
@inline
function storePairs(at: usize, a: v128, b: v128, rows: i32): void {
  storeFirst(at, v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7), 2 * rows);
}

/** The second half of four pairs, if there are more than two. */
@inline
function loadSecond(at: usize, rows: i32): v128 {
  return rows > 2 ? loadFirst(at + 16, 2 * rows - 4) : f32x4.splat(0);
}

/** Means of `rows` pairs, four at most. One exp is enough for a pair, the other is 1. */
@inline
function meansOfPairs(x: usize, logits: usize, y: usize, weights: usize, at: usize, rows: i32): void {
  const one = f32x4.splat(1);
  const pairs = 2 * at;
  const low = loadFirst(logits + pairs, 2 * rows);
  const high = loadSecond(logits + pairs, rows);
  const difference = f32x4.sub(firsts(low, high), seconds(low, high));
  const part = exp(f32x4.neg(f32x4.abs(difference)));
  const sum = f32x4.add(one, part);
  const smaller = f32x4.div(part, sum);
  const larger = f32x4.div(one, sum);
  const isSmaller = f32x4.lt(difference, f32x4.splat(0));
  const a = v128.bitselect(smaller, larger, isSmaller);
  const b = v128.bitselect(larger, smaller, isSmaller);
  storePairs(weights + pairs, a, b, rows);
  const lowX = loadFirst(x + pairs, 2 * rows);
  const highX = loadSecond(x + pairs, rows);
  storeFour(y + at, madd(firsts(lowX, highX), a, f32x4.mul(seconds(lowX, highX), b)), rows);
}

/** The logits of a pair have gradients that differ by their sign alone. */
@inline
function pairsGradient(x: usize, weights: usize, dy: usize, dx: usize, dLogits: usize, at: usize, rows: i32): void {
  const pairs = 2 * at;
  const given = loadFirst(dy + at, rows);
  const low = loadFirst(weights + pairs, 2 * rows);
  const high = loadSecond(weights + pairs, rows);
  const a = firsts(low, high);
  const b = seconds(low, high);
  const d = f32x4.mul(given, a);
  storePairs(dx + pairs, d, f32x4.mul(given, b), rows);
  const lowX = loadFirst(x + pairs, 2 * rows);
  const highX = loadSecond(x + pairs, rows);
  const slope = f32x4.mul(f32x4.mul(d, b), f32x4.sub(firsts(lowX, highX), seconds(lowX, highX)));
  storePairs(dLogits + pairs, slope, f32x4.neg(slope), rows);
}

/** weights = exp(logits) over its sum along a row; y = Σ x · weights, one number a row. */
export function weightedMean(
  x: usize, logits: usize, y: usize, weights: usize, first: i32, last: i32, width: i32,
): void {
  if (width == 2) {
    const end = floats(last);
    let at = floats(first);
    for (; at + 16 <= end; at += 16) meansOfPairs(x, logits, y, weights, at, 4);
    if (at < end) meansOfPairs(x, logits, y, weights, at, <i32>((end - at) >> 2));
    return;
  }
  const row = floats(width);
  const begin = weights + <usize>first * row;
  const end = weights + <usize>last * row;
  let from = logits + <usize>first * row;
  for (let to = begin; to < end; to += row, from += row) {
    let largest = f32.load(from);
    for (let i: usize = 4; i < row; i += 4) largest = max(largest, f32.load(from + i));
    for (let i: usize = 0; i < row; i += 4) f32.store(to + i, f32.load(from + i) - largest);
  }
  for (let to = begin; to < end; to += 16) {
    const count = <i32>((end - to) >> 2);
    storeFour(to, exp(loadFirst(to, count)), count);
  }
  let value = x + <usize>first * row;
  let mean = y + floats(first);
  for (let to = begin; to < end; to += row, value += row, mean += 4) {
    let sum: f64 = 0, total: f64 = 0;
    for (let i: usize = 0; i < row; i += 4) {
      sum += wide(to + i);
      total += wide(to + i) * wide(value + i);
    }
    for (let i: usize = 0; i < row; i += 4) f32.store(to + i, <f32>(wide(to + i) / sum));
    f32.store(mean, <f32>(total / sum));
  }
}

/** Gradients of `weightedMean`: dy · weights, and that times what x has more than the mean. */
export function weightedMeanGradient(
  x: usize, weights: usize, dy: usize, dx: usize, dLogits: usize, first: i32, last: i32, width: i32,
): void {
  if (width == 2) {
    const end = floats(last);
    let at = floats(first);
    for (; at + 16 <= end; at += 16) pairsGradient(x, weights, dy, dx, dLogits, at, 4);
    if (at < end) pairsGradient(x, weights, dy, dx, dLogits, at, <i32>((end - at) >> 2));
    return;
  }
  const row = floats(width);
  for (let n = first; n < last; n++) {
    const at = <usize>n * row;
    const given = wide(dy + floats(n));
    let mean: f64 = 0;
    for (let i: usize = at; i < at + row; i += 4) mean += wide(x + i) * wide(weights + i);
    for (let i: usize = at; i < at + row; i += 4) {
      const d = given * wide(weights + i);
      f32.store(dx + i, <f32>d);
      f32.store(dLogits + i, <f32>(d * (wide(x + i) - mean)));
    }
  }
}
