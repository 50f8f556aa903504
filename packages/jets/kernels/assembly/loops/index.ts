/**
 * @file The loops over the constituents of one jet, two at a time: operation by operation those of
 * `src/recipe/plainConstituents.ts`. Imported memory, no allocator, no static data.
 *
 * The memory holds arrays of float64, `stride` bytes each, pt, eta, phi, energy, px, py, pz, then int32 slots and bins. There is room for
 * three more constituents than there may be; beside the last of an odd number lies one whose numbers are finite.
 */
export { addUp } from './image';
import { ROUND, add, azimuth, circle, div, log, mul, negate, select, sinh, splat, sub } from './elementary';

const SLACK: f64 = 1e-6;
const LEAST: f64 = (1 - 2e-3) * (1 - 2e-3);

@inline
function isEmpty(four: v128): bool {
  return !v128.any_true(f32x4.ne(four, f32x4.splat(0)));
}

@inline
function areEmpty(raw: usize): bool {
  return isEmpty(v128.or(v128.or(v128.load(raw), v128.load(raw, 16)), v128.or(v128.load(raw, 32), v128.load(raw, 48))));
}

/**
 * @param raw (slots, 4) float32: E, px, py, pz
 * @returns how many constituents there are; −1 if a number is not finite, or a constituent no particle
 */
export function load(stride: usize, raw: usize, slots: i32): i32 {
  const energy: usize = 3 * stride;
  const px: usize = 4 * stride;
  const py: usize = 5 * stride;
  const pz: usize = 6 * stride;
  const slot: usize = 7 * stride;
  let count: i32 = 0;
  let sound = true;
  for (let i: i32 = 0; i < slots; i++, raw += 16) {
    const four = v128.load(raw);
    if (isEmpty(four)) {
      for (; i + 4 < slots && areEmpty(raw + 16); raw += 64) i += 4;
      continue;
    }
    const e = <f64>f32x4.extract_lane(four, 0);
    const x = <f64>f32x4.extract_lane(four, 1);
    const y = <f64>f32x4.extract_lane(four, 2);
    const z = <f64>f32x4.extract_lane(four, 3);
    const pt2 = x * x + y * y;
    const room = e + SLACK;
    const spare = room * abs(room) - LEAST * (pt2 + z * z);
    if (!(spare >= 0 && spare < Infinity)) sound = false;
    const at = (<usize>count) << 3;
    f64.store(energy + at, e);
    f64.store(px + at, x);
    f64.store(py + at, y);
    f64.store(pz + at, z);
    i32.store(slot + (at >> 1), i);
    if (pt2 != 0) count++;
  }
  const end = (<usize>count) << 3;
  f64.store(px + end, 1);
  f64.store(py + end, 0);
  f64.store(pz + end, 0);
  directions(stride, count);
  return sound ? count : -1;
}

@inline
function rapidity(z: v128, transverse: v128): v128 {
  const slope = div(f64x2.abs(z), transverse);
  const eta = log(add(slope, f64x2.sqrt(add(mul(slope, slope), splat(1)))));
  return negate(eta, f64x2.lt(z, splat(0)));
}

function directions(stride: usize, count: i32): void {
  const end = (<usize>count) << 3;
  for (let pt: usize = 0; pt < end; pt += 32) {
    const x = v128.load(pt + 4 * stride);
    const y = v128.load(pt + 5 * stride);
    const z = v128.load(pt + 6 * stride);
    const x2 = v128.load(pt + 4 * stride, 16);
    const y2 = v128.load(pt + 5 * stride, 16);
    const z2 = v128.load(pt + 6 * stride, 16);
    const transverse = f64x2.sqrt(add(mul(x, x), mul(y, y)));
    const transverse2 = f64x2.sqrt(add(mul(x2, x2), mul(y2, y2)));
    v128.store(pt, transverse);
    v128.store(pt, transverse2, 16);
    const phi = azimuth(y, x);
    const phi2 = azimuth(y2, x2);
    v128.store(pt + 2 * stride, phi);
    v128.store(pt + 2 * stride, phi2, 16);
    const eta = rapidity(z, transverse);
    const eta2 = rapidity(z2, transverse2);
    v128.store(pt + stride, eta);
    v128.store(pt + stride, eta2, 16);
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

function snap(stride: usize, count: i32): void {
  const end = stride + ((<usize>count) << 3);
  for (let at: usize = stride; at < end; at += 16) {
    v128.store(at, onAxis(v128.load(at)));
    v128.store(at + stride, onAxis(v128.load(at + stride)));
  }
}

export function turn(stride: usize, count: i32, cos: f64, sin: f64): void {
  const end = stride + ((<usize>count) << 3);
  for (let eta: usize = stride; eta < end; eta += 16) rotate(eta, eta + stride, cos, sin);
  snap(stride, count);
}

export function spin(stride: usize, count: i32, cos: f64, sin: f64): void {
  momenta(stride, count);
  const end: usize = 6 * stride + ((<usize>count) << 3);
  for (let pz: usize = 6 * stride; pz < end; pz += 16) rotate(pz, pz - stride, cos, sin);
  directions(stride, count);
  snap(stride, count);
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
    const row = f64x2.floor(mul(add(eta, splat(halfWidth)), splat(scale)));
    const column = f64x2.floor(mul(add(phi, splat(halfWidth)), splat(scale)));
    const inside = v128.and(
      v128.and(f64x2.ge(row, zero), f64x2.lt(row, side)),
      v128.and(f64x2.ge(column, zero), f64x2.lt(column, side)),
    );
    lost = v128.or(lost, f64x2.ne(mul(add(eta, phi), zero), zero));
    const pixel = select(mul(add(mul(row, side), column), splat(depth)), splat(-1), inside);
    // whole numbers lie in the lowest bits of what is this large
    const whole = add(pixel, splat(ROUND));
    v128.store64_lane(bin, i32x4.shuffle(whole, whole, 0, 2, 0, 2), 0);
  }
  return !v128.any_true(lost);
}
