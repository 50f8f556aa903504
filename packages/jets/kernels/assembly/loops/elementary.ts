/**
 * @file Elementary functions of two numbers at once, without branches: operation by operation those of
 * `src/recipe/elementary.ts`, which tells what they are.
 */

@inline
export function splat(x: f64): v128 {
  return f64x2.splat(x);
}

@inline
export function add(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

@inline
export function sub(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

@inline
export function mul(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

@inline
export function div(a: v128, b: v128): v128 {
  return f64x2.div(a, b);
}

@inline
function madd(a: v128, b: v128, c: f64): v128 {
  return add(mul(a, b), splat(c));
}

@inline
export function select(yes: v128, no: v128, mask: v128): v128 {
  return v128.bitselect(yes, no, mask);
}

/** −x where the mask says so. */
@inline
export function negate(x: v128, mask: v128): v128 {
  return v128.xor(x, i64x2.shl(mask, 63));
}

const LN2_HI: f64 = 0.6931471803691238;
const LN2_LO: f64 = 1.9082149292705877e-10;
/** Adding it to the bits moves √2 to the next exponent. */
const ABOVE_SQRT2: i64 = 0x95f64 << 32;

/** Of numbers that are finite. */
@inline
export function finiteLog(x: v128): v128 {
  const moved = i64x2.add(x, i64x2.splat(ABOVE_SQRT2));
  // exponent, as the low bits of 2⁵² and something
  const k = sub(v128.or(i64x2.shr_u(moved, 52), i64x2.splat(0x4330000000000000)), splat(4503599627370496.0 + 1023.0));
  const mantissa = i64x2.add(
    v128.and(moved, i64x2.splat(0x000fffffffffffff)),
    i64x2.splat(0x3ff0000000000000 - ABOVE_SQRT2),
  );
  const f = sub(mantissa, splat(1));
  const s = div(f, add(f, splat(2)));
  const z = mul(s, s);
  const w = mul(z, z);
  const odd = mul(w, madd(w, madd(w, splat(0.15313837699209373), 0.22222198432149784), 0.3999999999940942));
  const even = mul(z, madd(w, madd(w, madd(w, splat(0.14798198605116586), 0.1818357216161805), 0.2857142874366239), 0.6666666666666735));
  const half = mul(mul(splat(0.5), f), f);
  const low = add(mul(s, add(half, add(even, odd))), mul(k, splat(LN2_LO)));
  return sub(mul(k, splat(LN2_HI)), sub(sub(half, low), f));
}

@inline
export function log(x: v128): v128 {
  return select(finiteLog(x), x, f64x2.lt(x, splat(Infinity)));
}

const TAN_PI_8: f64 = 0.41421356237309503;

@inline
export function azimuth(py: v128, px: v128): v128 {
  const x = f64x2.abs(px);
  const y = f64x2.abs(py);
  const small = f64x2.pmin(x, y);
  const large = f64x2.pmax(x, y);
  const high = f64x2.gt(small, mul(large, splat(TAN_PI_8)));
  const t = div(sub(small, v128.and(large, high)), add(large, v128.and(small, high)));
  const z = mul(t, t);
  const w = mul(z, z);
  let even = madd(w, splat(0.016285820115365782), 0.049768779946159324);
  even = madd(w, even, 0.06661073137387531);
  even = madd(w, even, 0.09090887133436507);
  even = madd(w, even, 0.14285714272503466);
  even = mul(z, madd(w, even, 0.3333333333333293));
  let odd = madd(w, splat(-0.036531572744216916), -0.058335701337905735);
  odd = madd(w, odd, -0.0769187620504483);
  odd = madd(w, odd, -0.11111110405462356);
  odd = mul(w, madd(w, odd, -0.19999999999876483));
  const eighth = add(sub(t, mul(t, add(even, odd))), v128.and(splat(Math.PI / 4), high));
  const steep = f64x2.gt(y, x);
  const quarter = add(negate(eighth, steep), v128.and(splat(Math.PI / 2), steep));
  const back = f64x2.lt(px, splat(0));
  const half = add(negate(quarter, back), v128.and(splat(Math.PI), back));
  return negate(half, f64x2.lt(py, splat(0)));
}

/** Of 2⁵² and a half: numbers beside it are whole. */
export const ROUND: f64 = 6755399441055744.0;
const TWO_OVER_PI: f64 = 0.6366197723675814;
const PI_2_1: f64 = 1.5707963267341256;
const PI_2_2: f64 = 6.077100506303966e-11;
const PI_2_3: f64 = 2.0222662487959506e-21;

/** Stores radius · cos and radius · sin of angles. */
@inline
export function circle(radius: v128, angle: v128, toX: usize, toY: usize): void {
  const quarters = madd(angle, splat(TWO_OVER_PI), ROUND);
  const n = sub(quarters, splat(ROUND));
  const r = sub(sub(sub(angle, mul(n, splat(PI_2_1))), mul(n, splat(PI_2_2))), mul(n, splat(PI_2_3)));
  const z = mul(r, r);
  let s = madd(z, splat(1.58969099521155e-10), -2.5050760253406863e-8);
  s = madd(z, s, 2.7557313707070068e-6);
  s = madd(z, s, -0.0001984126982985795);
  s = madd(z, s, 0.00833333333332249);
  s = madd(z, s, -0.16666666666666632);
  const sine = add(r, mul(mul(z, r), s));
  let c = madd(z, splat(-1.1359647557788195e-11), 2.087572321298175e-9);
  c = madd(z, c, -2.7557314351390663e-7);
  c = madd(z, c, 2.480158728947673e-5);
  c = madd(z, c, -0.001388888888887411);
  c = madd(z, c, 0.0416666666666666);
  const half = mul(splat(0.5), z);
  const one = sub(splat(1), half);
  const cosine = add(one, add(sub(sub(splat(1), one), half), mul(mul(z, z), c)));
  // the number of quarter turns lies in the lowest bits
  const odd = i64x2.sub(i64x2.splat(0), v128.and(quarters, i64x2.splat(1)));
  const x = select(sine, cosine, odd);
  const y = select(cosine, sine, odd);
  v128.store(toX, mul(radius, negate(x, i64x2.shr_u(i64x2.add(quarters, i64x2.splat(1)), 1))));
  v128.store(toY, mul(radius, negate(y, i64x2.shr_u(quarters, 1))));
}

const MOST: f64 = 700;

@inline
export function sinh(x: v128): v128 {
  const size = f64x2.abs(x);
  const rounded = madd(size, splat(Math.LOG2E), ROUND);
  const k = sub(rounded, splat(ROUND));
  const high = sub(size, mul(k, splat(LN2_HI)));
  const low = mul(k, splat(LN2_LO));
  const r = sub(high, low);
  const t = mul(r, r);
  let p = madd(t, splat(4.1381367970572385e-8), -1.6533902205465252e-6);
  p = madd(t, p, 6.613756321437934e-5);
  p = madd(t, p, -0.0027777777777015593);
  p = madd(t, p, 0.16666666666666602);
  const c = sub(r, mul(t, p));
  const y = sub(splat(1), sub(sub(low, div(mul(r, c), sub(splat(2), c))), high));
  const exp = i64x2.add(y, i64x2.shl(rounded, 52));
  const value = mul(splat(0.5), sub(exp, div(splat(1), exp)));
  return negate(select(splat(Infinity), value, f64x2.ge(size, splat(MOST))), f64x2.lt(x, splat(0)));
}
