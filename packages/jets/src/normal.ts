/** @file The standard normal distribution. */

/**
 * The probability below x, to 1.2e-7 of itself in the lower tail.
 *
 * @see Press et al.: Numerical Recipes, 6.2, for the fit of the complementary error function
 */
export function normalProbability(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  const half = (t / 2) * Math.exp(-z * z + polynomial(ERFC, t));
  return x < 0 ? half : 1 - half;
}

/**
 * x with the standard normal probability p below it, for 1e-10 ≤ p ≤ 1 − 1e-10; the same bits everywhere.
 *
 * @see Wichura: Algorithm AS 241, Applied Statistics 37 (1988)
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE, r)) / polynomial(CENTRE_BELOW, r);
  }
  const r = Math.sqrt(-logarithm(q < 0 ? p : 1 - p)) - 1.6;
  const x = polynomial(TAIL, r) / polynomial(TAIL_BELOW, r);
  return q < 0 ? -x : x;
}

/** ln p of 0 < p ≤ ½ from sums, products and quotients alone, which are the same everywhere. */
function logarithm(p: number): number {
  let [m, e] = [p, 0];
  for (; m < Math.SQRT1_2; m *= 2) e--;
  const s = (m - 1) / (m + 1);
  return e * Math.LN2 + 2 * s * polynomial(ATANH, s * s);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
}

/** atanh s = s · Σ s²ⁱ / (2i + 1); |s| ≤ 0.172 */
const ATANH = Array.from({ length: 12 }, (_, i) => 1 / (2 * i + 1));

const CENTRE = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
];
const CENTRE_BELOW = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
];
const TAIL = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const TAIL_BELOW = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
/** Of ln(erfc(z) / t) + z² in t = 1 / (1 + z / 2). */
const ERFC = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];
