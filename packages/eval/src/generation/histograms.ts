/** @file Distances of the distributions of one observable. */
import { JetError, random } from '@jetsdk/jets';
import { checkArray, checkFinite, checkRange } from '../core/inputs.js';
import { checkLevel, type Interval, ONE_SIGMA } from '../uncertainty/binomial.js';
import { quantile } from '../uncertainty/quantile.js';

/** A distance with the spread of its bootstrap. */
export interface BootstrapDistance {
  readonly value: number;
  readonly stdErr: number;
  /** between quantiles of the replicates; they lie higher than the value where the samples are alike */
  readonly interval: Interval;
}

export interface WassersteinOptions {
  /** default 200, at least 2 */
  readonly replicates?: number;
  /** default 1 */
  readonly seed?: number;
  /** in (0, 1); default one standard deviation */
  readonly level?: number;
}

/**
 * The Wasserstein-1 distance of two samples of one observable: the area between their distribution functions.
 *
 * @param real (n,) finite; not modified
 * @param generated (m,) finite; not modified
 * @returns in units of the observable
 * @throws {JetError} BAD_ARGUMENT for what is no array; NOT_FINITE; OUT_OF_RANGE; DEGENERATE_METRIC for an empty sample
 */
export function wasserstein(
  real: ArrayLike<number>,
  generated: ArrayLike<number>,
  options: WassersteinOptions = {},
): BootstrapDistance {
  const { replicates = 200, seed = 1, level = ONE_SIGMA } = options;
  checkLevel('wasserstein', level);
  if (!Number.isInteger(replicates) || replicates < 2)
    throw new JetError('OUT_OF_RANGE', `wasserstein: ${replicates} replicates; expected 2 or more`, { replicates });
  const [x, y] = [sortedOf('wasserstein', 'real', real), sortedOf('wasserstein', 'generated', generated)];
  const stream = random(seed);
  const again = (n: number): Uint32Array => {
    const times = new Uint32Array(n);
    for (let i = 0; i < n; i++) times[Math.floor(stream.uniform() * n)]++;
    return times;
  };
  const values = Float64Array.from({ length: replicates }, () =>
    areaBetween(x, y, again(x.length), again(y.length)),
  ).sort();
  const mean = values.reduce((sum, value) => sum + value / replicates, 0);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const tail = (1 - level) / 2;
  return {
    value: areaBetween(x, y),
    stdErr: Math.sqrt(squares / (replicates - 1)),
    interval: { level, low: quantile(values, tail), high: quantile(values, 1 - tail) },
  };
}

/** @param timesX how often each value counts; once where left out */
function areaBetween(x: Float64Array, y: Float64Array, timesX?: Uint32Array, timesY?: Uint32Array): number {
  let [i, j, below, under, area] = [0, 0, 0, 0, 0];
  let last = Math.min(x[0], y[0]);
  while (i < x.length || j < y.length) {
    const next = j >= y.length || (i < x.length && x[i] <= y[j]) ? x[i] : y[j];
    area += Math.abs(below / x.length - under / y.length) * (next - last);
    last = next;
    for (; i < x.length && x[i] === next; i++) below += timesX === undefined ? 1 : timesX[i];
    for (; j < y.length && y[j] === next; j++) under += timesY === undefined ? 1 : timesY[j];
  }
  return area;
}

export interface SeparationOptions {
  /** default 20 */
  readonly bins?: number;
  /** default: from the smallest to the largest value of both; values outside are left out */
  readonly range?: readonly [low: number, high: number];
}

/** A separation power with the value that equal distributions of these sizes have on average. */
export interface Separation {
  /** from 0 for equal histograms to 1 for histograms that share no bin */
  readonly value: number;
  /** to leading order */
  readonly ofChance: number;
  /** of chance, to leading order */
  readonly stdErrOfChance: number;
}

/**
 * The separation power of two histograms, ½ Σ (a − b)² / (a + b), each with sum 1.
 *
 * @param real (n,) finite; not modified
 * @param generated (m,) finite; not modified
 * @throws {JetError} BAD_ARGUMENT for what is no array; NOT_FINITE; OUT_OF_RANGE; DEGENERATE_METRIC where a sample has
 *   nothing in the range
 * @see CaloChallenge, arXiv:2410.21611
 */
export function separationPower(
  real: ArrayLike<number>,
  generated: ArrayLike<number>,
  options: SeparationOptions = {},
): Separation {
  const [x, y] = [sortedOf('separationPower', 'real', real), sortedOf('separationPower', 'generated', generated)];
  const { bins = 20, range = [Math.min(x[0], y[0]), Math.max(x[x.length - 1], y[y.length - 1])] } = options;
  const [low, high] = range;
  if (!Number.isInteger(bins) || bins < 1)
    throw new JetError('OUT_OF_RANGE', `separationPower: ${bins} bins; expected a whole number from 1`, { bins });
  if (!(high >= low)) checkRange('separationPower', 'end of the range', high, low, Number.MAX_VALUE);
  const count = (values: Float64Array): { counts: Float64Array; sum: number } => {
    const counts = new Float64Array(bins);
    let sum = 0;
    for (const value of values) {
      if (value < low || value > high) continue;
      counts[high === low ? 0 : Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))]++;
      sum++;
    }
    return { counts, sum };
  };
  const [a, b] = [count(x), count(y)];
  if (a.sum === 0 || b.sum === 0)
    throw new JetError(
      'DEGENERATE_METRIC',
      `separationPower: ${a.sum} real and ${b.sum} generated values from ${low} to ${high}; expected some of each`,
      { real: a.sum, generated: b.sum },
    );
  let value = 0;
  let occupied = 0;
  for (let bin = 0; bin < bins; bin++) {
    const [p, q] = [a.counts[bin] / a.sum, b.counts[bin] / b.sum];
    if (p + q === 0) continue;
    occupied++;
    value += (p - q) ** 2 / (p + q) / 2;
  }
  // Σ (a − b)² / p is a χ² with one degree of freedom less than there are bins, times 1/n + 1/m
  const scale = (1 / a.sum + 1 / b.sum) / 4;
  return { value, ofChance: scale * (occupied - 1), stdErrOfChance: scale * Math.sqrt(2 * (occupied - 1)) };
}

function sortedOf(where: string, what: string, values: ArrayLike<number>): Float64Array {
  checkArray(where, what, values);
  checkFinite(where, `${what} value`, values);
  if (values.length === 0)
    throw new JetError('DEGENERATE_METRIC', `${where}: 0 ${what} values; expected one or more`, { what });
  return Float64Array.from(values).sort();
}
