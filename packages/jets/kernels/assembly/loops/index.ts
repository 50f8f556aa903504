/**
 * @file The loops over the constituents of one jet, two at a time: operation by operation those of
 * `src/recipe/plainConstituents.ts`. Imported memory, no allocator, no static data.
 *
 * The memory holds arrays of float64, `stride` bytes each, pt, eta, phi, energy, px, py, pz, then int32 slots and bins. There is room for
 * four more constituents than there may be; beside the last of an odd number lies one whose numbers are finite.
 */
export { addUp } from './image';
import { ROUND, add, azimuth, circle, div, finiteLog, log, mul, negate, select, sinh, splat, sub } from './elementary';

const SLACK: f64 = 1e-6;
const LEAST: f64 = (1 - 2e-3) * (1 - 2e-3);

@inline
function isEmpty(four: v128): bool {
  return !v128.any_true(f32x4.ne(four, f32x4.splat(0)));
}

/** All bits of four four-vectors: 0 or −0 where they are empty. */
@inline
function four(raw: usize): v128 {
  return v128.or(v128.or(v128.load(raw), v128.load(raw, 16)), v128.or(v128.load(raw, 32), v128.load(raw, 48)));
}

@inline
function sixteen(raw: usize): v128 {
  return v128.or(v128.or(four(raw), four(raw + 64)), v128.or(four(raw + 128), four(raw + 192)));
}

/** Whether each of two constituents is a particle, as far as energy and momentum tell. */
@inline
function soundness(e: v128, p2: v128): v128 {
  const room = add(e, splat(SLACK));
  const spare = sub(mul(room, f64x2.abs(room)), mul(splat(LEAST), p2));
  return v128.and(f64x2.ge(spare, splat(0)), f64x2.lt(spare, splat(Infinity)));
}

/** @param bounded where no slope is too steep for float64 */
@inline
function rapidity(z: v128, transverse: v128, bounded: bool): v128 {
  const slope = div(f64x2.abs(z), transverse);
  const sum = add(slope, f64x2.sqrt(add(mul(slope, slope), splat(1))));
  const eta = bounded ? finiteLog(sum) : log(sum);
  return negate(eta, f64x2.lt(z, splat(0)));
}

/** Stores pt, eta and phi of four constituents, from two at a time and their squares of pt. */
@inline
function direct(
  stride: usize,
  pt: usize,
  x: v128,
  y: v128,
  z: v128,
  square: v128,
  x2: v128,
  y2: v128,
  z2: v128,
  square2: v128,
  bounded: bool,
): void {
  const transverse = f64x2.sqrt(square);
  const transverse2 = f64x2.sqrt(square2);
  v128.store(pt, transverse);
  v128.store(pt, transverse2, 16);
  const phi = azimuth(y, x);
  const phi2 = azimuth(y2, x2);
  v128.store(pt + 2 * stride, phi);
  v128.store(pt + 2 * stride, phi2, 16);
  const eta = rapidity(z, transverse, bounded);
  const eta2 = rapidity(z2, transverse2, bounded);
  v128.store(pt + stride, eta);
  v128.store(pt + stride, eta2, 16);
}

/** First, or second, of two numbers of float32 of each of two constituents, as float64. */
@inline
function low(two: v128): v128 {
  return f64x2.promote_low_f32x4(two);
}

@inline
function high(two: v128): v128 {
  return f64x2.promote_low_f32x4(i32x4.shuffle(two, two, 2, 3, 2, 3));
}

/**
 * Stores pt, eta, phi and energy of four constituents.
 *
 * @param pt where the first is stored
 * @param raw their four-vectors
 * @returns which have transverse momentum, in bits; −1 if one is no particle
 */
@inline
function store(stride: usize, pt: usize, raw: usize): i32 {
  const a = v128.load(raw);
  const b = v128.load(raw, 16);
  const c = v128.load(raw, 32);
  const d = v128.load(raw, 48);
  const front = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const back = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const front2 = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const back2 = i32x4.shuffle(c, d, 2, 6, 3, 7);
  const e = low(front);
  const x = high(front);
  const y = low(back);
  const z = high(back);
  const e2 = low(front2);
  const x2 = high(front2);
  const y2 = low(back2);
  const z2 = high(back2);
  const square = add(mul(x, x), mul(y, y));
  const square2 = add(mul(x2, x2), mul(y2, y2));
  const sound = v128.and(soundness(e, add(square, mul(z, z))), soundness(e2, add(square2, mul(z2, z2))));
  v128.store(pt + 3 * stride, e);
  v128.store(pt + 3 * stride, e2, 16);
  // of float32, but those of 0, which are not kept
  direct(stride, pt, x, y, z, square, x2, y2, z2, square2, true);
  if (!i64x2.all_true(sound)) return -1;
  const none = splat(0);
  return i64x2.bitmask(f64x2.ne(square, none)) | (i64x2.bitmask(f64x2.ne(square2, none)) << 2);
}

/** Up to three four-vectors, and empty ones after them, in a place of four. */
function rest(place: usize, raw: usize, slots: i32): usize {
  for (let k: i32 = 0; k < 4; k++)
    v128.store(place + (<usize>k << 4), k < slots ? v128.load(raw + (<usize>k << 4)) : f32x4.splat(0));
  return place;
}

/**
 * @param raw (slots, 4) float32: E, px, py, pz
 * @returns how many constituents there are; −1 if a number is not finite, or a constituent no particle
 */
export function load(stride: usize, raw: usize, slots: i32): i32 {
  const slot: usize = 7 * stride;
  let count: usize = 0;
  for (let i: i32 = 0; i < slots; i += 4, raw += 64) {
    if (slots - i < 4) raw = rest(4 * stride, raw, slots - i);
    if (isEmpty(four(raw))) {
      for (; slots - i >= 20 && isEmpty(sixteen(raw + 64)); raw += 256) i += 16;
      continue;
    }
    const kept = store(stride, count << 3, raw);
    if (kept < 0) return -1;
    v128.store(slot + (count << 2), i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3)));
    if (kept === 15) {
      count += 4;
      continue;
    }
    // those without transverse momentum are overwritten by what follows them
    const first = count;
    for (let k: usize = 0; k < 4; k++) {
      if (((kept >> <i32>k) & 1) === 0) continue;
      for (let array: usize = 0; array < 4; array++)
        f64.store(array * stride + (count << 3), f64.load(array * stride + ((first + k) << 3)));
      i32.store(slot + (count << 2), i + <i32>k);
      count++;
    }
  }
  const end = count << 3;
  f64.store(end, 1);
  f64.store(end + stride, 0);
  f64.store(end + 2 * stride, 0);
  return <i32>count;
}

function directions(stride: usize, count: i32): void {
  const end = (<usize>count) << 3;
  for (let pt: usize = 0; pt < end; pt += 32) {
    const x = v128.load(pt + 4 * stride);
    const y = v128.load(pt + 5 * stride);
    const x2 = v128.load(pt + 4 * stride, 16);
    const y2 = v128.load(pt + 5 * stride, 16);
    const z = v128.load(pt + 6 * stride);
    const z2 = v128.load(pt + 6 * stride, 16);
    direct(stride, pt, x, y, z, add(mul(x, x), mul(y, y)), x2, y2, z2, add(mul(x2, x2), mul(y2, y2)), false);
  }
}

export function momenta(stride: usize, count: i32): void {
  const end = (<usize>count) << 3;
  for (let pt: usize = 0; pt < end; pt += 16) {
    const transverse = v128.load(pt);
    circle(transverse, v128.load(pt + 2 * stride), pt + 4 * stride, pt + 5 * stride);
    v128.store(pt + 6 * stride, mul(transverse, sinh(v128.load(pt + stride))));
  }
}

const TURN: f64 = 2 * Math.PI;

export function shift(stride: usize, count: i32, eta: f64, phi: f64): void {
  const end = stride + ((<usize>count) << 3);
  for (let at: usize = stride; at < end; at += 16) {
    v128.store(at, sub(v128.load(at), splat(eta)));
    const angle = sub(v128.load(at + stride), splat(phi));
    const inside = f64x2.le(f64x2.abs(angle), splat(Math.PI));
    if (i64x2.all_true(inside)) {
      v128.store(at + stride, angle);
      continue;
    }
    const turns = f64x2.floor(add(div(angle, splat(TURN)), splat(0.5)));
    v128.store(at + stride, select(angle, sub(angle, mul(splat(TURN), turns)), inside));
  }
}

/** Half the width of the axis, within which a coordinate becomes 0. */
const AXIS: f64 = 1e-5;

@inline
function onAxis(x: v128): v128 {
  return v128.andnot(x, f64x2.lt(f64x2.abs(x), splat(AXIS)));
}

/** Turns two arrays into each other. */
@inline
function rotate(at: usize, other: usize, cos: f64, sin: f64): void {
  const x = v128.load(at);
  const y = v128.load(other);
  v128.store(at, sub(mul(x, splat(cos)), mul(y, splat(sin))));
  v128.store(other, add(mul(x, splat(sin)), mul(y, splat(cos))));
}

/** Brings two arrays onto the axes. */
@inline
function snap(at: usize, other: usize): void {
  v128.store(at, onAxis(v128.load(at)));
  v128.store(other, onAxis(v128.load(other)));
}

export function turn(stride: usize, count: i32, cos: f64, sin: f64): void {
  const end = stride + ((<usize>count) << 3);
  for (let eta: usize = stride; eta < end; eta += 16) {
    rotate(eta, eta + stride, cos, sin);
    snap(eta, eta + stride);
  }
}

export function spin(stride: usize, count: i32, cos: f64, sin: f64): void {
  momenta(stride, count);
  const end: usize = 6 * stride + ((<usize>count) << 3);
  for (let pz: usize = 6 * stride; pz < end; pz += 16) rotate(pz, pz - stride, cos, sin);
  directions(stride, count);
  const last = stride + ((<usize>count) << 3);
  for (let eta: usize = stride; eta < last; eta += 16) snap(eta, eta + stride);
}

/**
 * @param skip index of one that is left out, −1 for none
 * @returns the first constituent of highest pT further than `least` from the origin; −1 if there is none
 */
export function hardest(stride: usize, count: i32, least: f64, skip: i32): i32 {
  let best: i32 = -1;
  let most = -Infinity;
  for (let two: i32 = 0; two < count; two += 2) {
    if (!v128.any_true(f64x2.gt(v128.load(<usize>two << 3), splat(most)))) continue;
    for (let i = two; i < min(two + 2, count); i++) {
      const at = <usize>i << 3;
      const pt = f64.load(at);
      if (!(pt > most) || i === skip) continue;
      const eta = f64.load(at + stride);
      const phi = f64.load(at + 2 * stride);
      if (least >= 0 && eta * eta + phi * phi <= least * least) continue;
      best = i;
      most = pt;
    }
  }
  return best;
}

/** @returns whether all coordinates are finite */
export function place(stride: usize, count: i32, pixels: i32, halfWidth: f64, scale: f64, depth: i32): bool {
  const end = stride + ((<usize>count) << 3);
  const bins: usize = 7 * stride + (stride >> 1);
  const side = splat(pixels);
  const zero = splat(0);
  let lost = zero;
  for (let at: usize = stride, bin = bins; at < end; at += 16, bin += 8) {
    const eta = v128.load(at);
    const phi = v128.load(at + stride);
    const row = mul(add(eta, splat(halfWidth)), splat(scale));
    const column = mul(add(phi, splat(halfWidth)), splat(scale));
    // a row that is NaN is the larger of both here, such a column the smaller
    const inside = v128.and(f64x2.lt(f64x2.pmax(row, column), side), f64x2.ge(f64x2.pmin(column, row), zero));
    // NaN from here on where one is not finite
    lost = add(lost, mul(add(eta, phi), zero));
    const pixel = mul(add(mul(f64x2.floor(row), side), f64x2.floor(column)), splat(depth));
    // whole numbers lie in the lowest bits of what is this large
    const whole = v128.or(add(pixel, splat(ROUND)), v128.not(inside));
    v128.store64_lane(bin, i32x4.shuffle(whole, whole, 0, 2, 0, 2), 0);
  }
  return !v128.any_true(f64x2.ne(lost, zero));
}
