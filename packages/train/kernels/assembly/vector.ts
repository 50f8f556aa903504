/** @file Small vector helpers shared by the kernels. */

/** a · b + c, rounded twice: the same on every machine. */
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

/** Stores the first `count` (1 to 8) of eight floats. */
export function storeFirst(at: usize, low: v128, high: v128, count: i32): void {
  if (count >= 8) {
    v128.store(at, low);
    v128.store(at, high, 16);
    return;
  }
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

/** Loads the first `count` (1 to 4) floats, the others are zero. */
export function loadFirst(at: usize, count: i32): v128 {
  if (count >= 4) return v128.load(at);
  let v = v128.load32_zero(at);
  if (count > 1) v = f32x4.replace_lane(v, 1, f32.load(at, 4));
  if (count > 2) v = f32x4.replace_lane(v, 2, f32.load(at, 8));
  return v;
}
