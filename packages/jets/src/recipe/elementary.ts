/**
 * @file Elementary functions of additions, multiplications and divisions alone, so that they give the same bits in every engine,
 * and the same as the compiled loops in `kernels/assembly/loops`, which do two at a time. Coefficients of fdlibm.
 *
 * @see https://www.netlib.org/fdlibm
 */

const number = new Float64Array(1);
/** Low word, then high word. */
const words = new Int32Array(number.buffer);

const LN2_HI = 0.6931471803691238;
const LN2_LO = 1.9082149292705877e-10;
/** Adding it to the high word moves √2 to the next exponent. */
const ABOVE_SQRT2 = 0x95f64;

/**
 * Natural logarithm within 1e-15, absolute or relative.
 *
 * @param x normal and above 0, infinite or NaN
 */
export function logarithm(x: number): number {
  if (!(x < Number.POSITIVE_INFINITY)) return x;
  number[0] = x;
  const moved = words[1] + ABOVE_SQRT2;
  const k = (moved >> 20) - 1023;
  words[1] = (moved & 0xfffff) + 0x3ff00000 - ABOVE_SQRT2;
  const f = number[0] - 1;
  const s = f / (f + 2);
  const z = s * s;
  const w = z * z;
  const odd = w * (w * (w * 0.15313837699209373 + 0.22222198432149784) + 0.3999999999940942);
  const even = z * (w * (w * (w * 0.14798198605116586 + 0.1818357216161805) + 0.2857142874366239) + 0.6666666666666735);
  const half = 0.5 * f * f;
  const low = s * (half + (even + odd)) + k * LN2_LO;
  return k * LN2_HI - (half - low - f);
}

/** asinh(pz / pT), within 1e-15, absolute or relative. */
export function pseudorapidity(pz: number, pt: number): number {
  const slope = Math.abs(pz) / pt;
  const eta = logarithm(slope + Math.sqrt(slope * slope + 1));
  return pz < 0 ? -eta : eta;
}

const TAN_PI_8 = 0.41421356237309503;

/** `Math.atan2` within 1e-15 for finite arguments up to 8e307, within 1e-12 where both are below 1e-307; NaN where both are 0. */
export function azimuth(py: number, px: number): number {
  const x = Math.abs(px);
  const y = Math.abs(py);
  const small = y < x ? y : x;
  const large = x < y ? y : x;
  const high = small > large * TAN_PI_8;
  const t = high ? (small - large) / (large + small) : small / large;
  const z = t * t;
  const w = z * z;
  let even = w * 0.016285820115365782 + 0.049768779946159324;
  even = w * even + 0.06661073137387531;
  even = w * even + 0.09090887133436507;
  even = w * even + 0.14285714272503466;
  even = z * (w * even + 0.3333333333333293);
  let odd = w * -0.036531572744216916 + -0.058335701337905735;
  odd = w * odd + -0.0769187620504483;
  odd = w * odd + -0.11111110405462356;
  odd = w * (w * odd + -0.19999999999876483);
  const eighth = t - t * (even + odd) + (high ? Math.PI / 4 : 0);
  const quarter = y > x ? -eighth + Math.PI / 2 : eighth;
  const half = px < 0 ? -quarter + Math.PI : quarter;
  return py < 0 ? -half : half;
}

/** Numbers of this size are whole. */
const ROUND = 6755399441055744;
const TWO_OVER_PI = 0.6366197723675814;
const PI_2_1 = 1.5707963267341256;
const PI_2_2 = 6.077100506303966e-11;
const PI_2_3 = 2.0222662487959506e-21;

/** The sine of an angle and so many quarter turns, the angle below 1e5 radians; within 1e-15. */
function sineOf(angle: number, more: number): number {
  const n = angle * TWO_OVER_PI + ROUND - ROUND;
  const r = angle - n * PI_2_1 - n * PI_2_2 - n * PI_2_3;
  const z = r * r;
  const quarters = n + more;
  let value: number;
  if ((quarters & 1) === 0) {
    let s = z * 1.58969099521155e-10 + -2.5050760253406863e-8;
    s = z * s + 2.7557313707070068e-6;
    s = z * s + -0.0001984126982985795;
    s = z * s + 0.00833333333332249;
    s = z * s + -0.16666666666666632;
    value = r + z * r * s;
  } else {
    let c = z * -1.1359647557788195e-11 + 2.087572321298175e-9;
    c = z * c + -2.7557314351390663e-7;
    c = z * c + 2.480158728947673e-5;
    c = z * c + -0.001388888888887411;
    c = z * c + 0.0416666666666666;
    const half = 0.5 * z;
    const one = 1 - half;
    value = one + (1 - one - half + z * z * c);
  }
  return (quarters & 2) === 0 ? value : -value;
}

export const sine = (angle: number): number => sineOf(angle, 0);
export const cosine = (angle: number): number => sineOf(angle, 1);

/** From here on the hyperbolic sine is infinite, which no jet reaches. */
const MOST = 700;

/** Hyperbolic sine, within 1e-15, absolute or relative; infinite from 700 on. */
export function hyperbolicSine(x: number): number {
  const size = Math.abs(x);
  const k = size * Math.LOG2E + ROUND - ROUND;
  const high = size - k * LN2_HI;
  const low = k * LN2_LO;
  const r = high - low;
  const t = r * r;
  let p = t * 4.1381367970572385e-8 + -1.6533902205465252e-6;
  p = t * p + 6.613756321437934e-5;
  p = t * p + -0.0027777777777015593;
  p = t * p + 0.16666666666666602;
  const c = r - t * p;
  number[0] = 1 - (low - (r * c) / (2 - c) - high);
  words[1] += k << 20;
  const value = size >= MOST ? Number.POSITIVE_INFINITY : 0.5 * (number[0] - 1 / number[0]);
  return x < 0 ? -value : value;
}
