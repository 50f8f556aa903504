/** @file exp of four numbers at once. */
import { madd } from './vector';

/** Below, exp has no normal float32. */
const LEAST: f32 = -87.33654;
/** Added to 1.5 · 2²³ a number is rounded to a whole one, which are the last bits of the sum. */
const WHOLE: f32 = 12582912;

/**
 * exp of four numbers up to 0, good to two units in the last place: 2ⁿ and a polynomial on ±½ ln 2, whose
 * largest relative error, 3e-9, is the least that its degree allows.
 * NaN stays NaN, and what would be below the smallest normal number is 0.
 */
@inline
export function exp(x: v128): v128 {
  const whole = madd(x, f32x4.splat(1.44269504), f32x4.splat(WHOLE));
  const n = f32x4.sub(whole, f32x4.splat(WHOLE));
  const r = madd(n, f32x4.splat(2.12194440e-4), madd(n, f32x4.splat(-0.693359375), x));
  let p = madd(f32x4.splat(0.001381454), r, f32x4.splat(0.008368745));
  p = madd(p, r, f32x4.splat(0.04166839));
  p = madd(p, r, f32x4.splat(0.16666521));
  p = madd(p, r, f32x4.splat(0.49999994));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), f32x4.splat(1));
  const power = i32x4.add(i32x4.shl(whole, 23), f32x4.splat(1));
  return v128.andnot(f32x4.mul(p, power), f32x4.lt(x, f32x4.splat(LEAST)));
}
