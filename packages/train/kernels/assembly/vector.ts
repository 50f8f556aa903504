/** @file Small vector helpers shared by the kernels. */

/** a · b + c, rounded twice: the same on every machine. (Relaxed SIMD's fused form is no faster in V8 11.) */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

@inline
export function zero(): v128 {
  return f32x4.splat(0);
}

@inline
export function floats(count: i32): usize {
  return (<usize>count) << 2;
}

/** Stores the first `count` (at least 1) of eight floats. */
@inline
export function storeFirst(at: usize, low: v128, high: v128, count: i32): void {
  if (count >= 8) {
    v128.store(at, low);
    v128.store(at, high, 16);
  } else storeTail(at, low, high, count);
}

function storeTail(at: usize, low: v128, high: v128, count: i32): void {
  let rest = low;
  if (count >= 4) {
    v128.store(at, low);
    at += 16;
    count -= 4;
    rest = high;
  }
  if (count > 0) f32.store(at, f32x4.extract_lane(rest, 0));
  if (count > 1) f32.store(at, f32x4.extract_lane(rest, 1), 4);
  if (count > 2) f32.store(at, f32x4.extract_lane(rest, 2), 8);
}

/** Loads the first `count` (at least 1) of four floats, the others are zero. */
@inline
export function loadFirst(at: usize, count: i32): v128 {
  return count >= 4 ? v128.load(at) : loadTail(at, count);
}

/** Stores the first `count` (at least 1) of four floats. */
@inline
export function storeFour(at: usize, v: v128, count: i32): void {
  if (count >= 4) v128.store(at, v);
  else storeTail(at, v, v, count);
}

function loadTail(at: usize, count: i32): v128 {
  let v = v128.load32_zero(at);
  if (count > 1) v = f32x4.replace_lane(v, 1, f32.load(at, 4));
  if (count > 2) v = f32x4.replace_lane(v, 2, f32.load(at, 8));
  return v;
}

/** Copies a multiple of four bytes; faster than `memory.copy` for the rows of small images. */
@inline
export function copyFloats(to: usize, from: usize, bytes: usize): void {
  const whole = bytes & ~15;
  for (let i: usize = 0; i < whole; i += 16) v128.store(to + i, v128.load(from + i));
  for (let i = whole; i < bytes; i += 4) f32.store(to + i, f32.load(from + i));
}

/** The first two floats as doubles. */
@inline
export function wideLow(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

/** The last two floats as doubles. */
@inline
export function wideHigh(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

/** Four doubles as floats. */
@inline
export function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}
