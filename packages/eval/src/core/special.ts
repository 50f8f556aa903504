/** @file The special functions that intervals and p-values need, in float64; relative accuracy about 1e-12. */

const SMALLEST = 1e-300;
/** a few roundings wide, so that a continued fraction always gets there */
const CONVERGED = 2e-15;
const HALF_LN_2PI = 0.9189385332046728;

/**
 * ln Γ(x) less its leading Stirling terms (x − ½) ln x − x + ½ ln 2π, for x > 0: small where ln Γ is huge, so that
 * ratios of gamma functions keep their digits.
 *
 * @see DLMF 5.11.1
 */
function stirlingError(x: number): number {
  let shifted = 0;
  let y = x;
  for (; y < 16; y++) shifted += (y + 0.5) * Math.log1p(1 / y) - 1;
  const z = 1 / (y * y);
  const series =
    (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - z * (691 / 360360 - z / 156)))))) / y;
  return shifted + series;
}

/** ln r − t for r = 1 + t, without cancellation where t is small and without losing r where it is. */
function logMinusShift(r: number, t: number): number {
  if (Math.abs(t) > 0.1) return Math.log(r) - t;
  let power = t;
  let sum = 0;
  for (let k = 2; ; k++) {
    power *= -t;
    const term = power / k;
    sum += term;
    if (!(Math.abs(term) > 1e-18 * Math.abs(sum))) return sum;
  }
}

/** xᵃ e⁻ˣ / Γ(a). */
function gammaPrefactor(a: number, x: number): number {
  return Math.exp(a * logMinusShift(x / a, (x - a) / a) - stirlingError(a) - HALF_LN_2PI) * Math.sqrt(a);
}

/**
 * The regularised lower incomplete gamma function P(a, x): the probability that a gamma variable of shape a is at most x.
 *
 * @param a > 0
 * @param x ≥ 0
 * @see DLMF 8.11.4 (series), 8.9.2 (continued fraction)
 */
export function gammaP(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x);
}

/** The upper one, Q = 1 − P, without cancellation. */
export function gammaQ(a: number, x: number): number {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = a + 1; term > sum * 1e-17; k++) {
    term *= x / k;
    sum += term;
  }
  return gammaPrefactor(a, x) * sum;
}

function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let d = 1 / (Math.abs(b) < SMALLEST ? SMALLEST : b);
  let c = 1 / SMALLEST;
  let value = d;
  for (let i = 1; ; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    d = 1 / (Math.abs(d) < SMALLEST ? SMALLEST : d);
    c = b + an / c;
    if (Math.abs(c) < SMALLEST) c = SMALLEST;
    const step = c * d;
    value *= step;
    if (!(Math.abs(step - 1) > CONVERGED)) return gammaPrefactor(a, x) * value;
  }
}

/** xᵃ (1 − x)ᵇ / B(a, b), with x = 1 − y given twice so that neither end loses digits. */
function betaPrefactor(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const shift = b * x - a * y;
  const exponent = a * logMinusShift((x * n) / a, shift / a) + b * logMinusShift((y * n) / b, -shift / b);
  const corrections = stirlingError(n) - stirlingError(a) - stirlingError(b) - HALF_LN_2PI;
  return Math.exp(exponent + corrections) * Math.sqrt((a / n) * b);
}

/**
 * The regularised incomplete beta function I_x(a, b).
 *
 * @param a > 0
 * @param b > 0
 * @param x in [0, 1]
 * @param y 1 − x, where it is known more exactly
 * @see DLMF 8.17.22
 */
export function betaI(a: number, b: number, x: number, y: number = 1 - x): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  return x < (a + 1) / (a + b + 2) ? betaFraction(a, b, x, y) : 1 - betaFraction(b, a, y, x);
}

function betaFraction(a: number, b: number, x: number, y: number): number {
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < SMALLEST ? SMALLEST : d);
  let value = d;
  const advance = (numerator: number): number => {
    d = 1 + numerator * d;
    d = 1 / (Math.abs(d) < SMALLEST ? SMALLEST : d);
    c = 1 + numerator / c;
    if (Math.abs(c) < SMALLEST) c = SMALLEST;
    value *= c * d;
    return c * d;
  };
  for (let m = 1; ; m++) {
    advance((m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)));
    const step = advance((-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)));
    if (!(Math.abs(step - 1) > CONVERGED)) return (betaPrefactor(a, b, x, y) * value) / a;
  }
}

/** The zero of a rising function of ln x, by Newton steps kept inside a shrinking bracket. */
function risingRoot(low: number, high: number, start: number, f: (u: number) => number, slope: (u: number) => number) {
  let u = Math.min(Math.max(start, low), high);
  for (let i = 0; i < 200; i++) {
    const value = f(u);
    if (value === 0) return u;
    if (value > 0) high = u;
    else low = u;
    const newton = u - value / slope(u);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - u) <= 4e-15 * Math.max(Math.abs(u), 1e-3)) return next;
    u = next;
  }
  return u;
}

const LN_SMALLEST = Math.log(Number.MIN_VALUE);

/**
 * The x at which P(a, x) = p.
 *
 * @param p in (0, 1)
 * @param a > 0
 */
export function gammaQuantile(p: number, a: number): number {
  const upper = p > 0.5;
  const f = (u: number): number => (upper ? 1 - p - gammaQ(a, Math.exp(u)) : gammaP(a, Math.exp(u)) - p);
  const ceiling = Math.log(a + 20 + 40 * Math.sqrt(a + 1) - 4 * Math.log(1 - p));
  return Math.exp(risingRoot(LN_SMALLEST, ceiling, Math.log(a), f, (u) => gammaPrefactor(a, Math.exp(u))));
}

/**
 * The x at which I_x(a, b) = p.
 *
 * @param p in (0, 1)
 * @param a > 0
 * @param b > 0
 */
export function betaQuantile(p: number, a: number, b: number): number {
  // the smaller of x and 1 − x is the one to solve for
  if (a > b) return 1 - betaQuantile(1 - p, b, a);
  const f = (u: number): number => betaI(a, b, Math.exp(u), -Math.expm1(u)) - p;
  const slope = (u: number): number => {
    const y = -Math.expm1(u);
    return betaPrefactor(a, b, Math.exp(u), y) / y;
  };
  return Math.exp(risingRoot(LN_SMALLEST, 0, Math.log(a / (a + b)), f, slope));
}

/** The probability that a standard normal variable lies further from 0 than z. */
export function normalTwoSided(z: number): number {
  return gammaQ(0.5, (z * z) / 2);
}

/** The z with a probability of `level` in (−z, z). */
export function normalQuantile(level: number): number {
  return Math.sqrt(2 * gammaQuantile(level, 0.5));
}
