/** @file Exact intervals on counted fractions. */
import { JetError } from '@jetsdk/jets';
import { checkRange } from '../core/inputs.js';
import { betaQuantile, gammaQuantile } from '../core/special.js';

/** One standard deviation: the share of a normal distribution within ±1σ. */
export const ONE_SIGMA = 0.6826894921370859;

/** A central interval at a confidence level in (0, 1). */
export interface Interval {
  readonly level: number;
  readonly low: number;
  readonly high: number;
}

/** @throws {JetError} OUT_OF_RANGE unless 0 < level < 1 */
export function checkLevel(where: string, level: number): void {
  if (!(level > 0 && level < 1))
    throw new JetError('OUT_OF_RANGE', `${where}: confidence level ${level}; expected more than 0, less than 1`, {
      level: String(level),
    });
}

/**
 * The Clopper–Pearson interval on a fraction: never covers less than the level says.
 *
 * @param k successes, 0 ≤ k ≤ n; need not be whole (effective counts)
 * @param n trials, > 0
 * @throws {JetError} OUT_OF_RANGE
 * @see Clopper, Pearson: Biometrika 26 (1934) 404
 */
export function clopperPearson(k: number, n: number, level: number = ONE_SIGMA): Interval {
  checkLevel('clopperPearson', level);
  checkRange('clopperPearson', 'trials', n, 0, Number.MAX_VALUE, true);
  checkRange('clopperPearson', 'successes', k, 0, n);
  const tail = (1 - level) / 2;
  return {
    level,
    low: k === 0 ? 0 : betaQuantile(tail, k, n - k + 1),
    high: k === n ? 1 : betaQuantile(1 - tail, k + 1, n - k),
  };
}

/**
 * The Garwood interval on the mean of a Poisson count.
 *
 * @param k ≥ 0; need not be whole
 * @throws {JetError} OUT_OF_RANGE
 * @see Garwood: Biometrika 28 (1936) 437
 */
export function poissonInterval(k: number, level: number = ONE_SIGMA): Interval {
  checkLevel('poissonInterval', level);
  checkRange('poissonInterval', 'count', k, 0, Number.MAX_VALUE);
  const tail = (1 - level) / 2;
  return { level, low: k === 0 ? 0 : gammaQuantile(tail, k), high: gammaQuantile(1 - tail, k + 1) };
}

/**
 * The number of unweighted jets with the same relative error, (Σw)² / Σw².
 *
 * @param weights finite, ≥ 0; not modified
 * @throws {JetError} DEGENERATE_METRIC if all weights are 0
 */
export function effectiveCount(weights: ArrayLike<number>): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i];
    squares += weights[i] * weights[i];
  }
  if (!(squares > 0 && Number.isFinite(squares)))
    throw new JetError(
      'DEGENERATE_METRIC',
      `effectiveCount: the squares of ${weights.length} weights sum to ${squares}; expected a positive, finite sum`,
      { weights: weights.length, squares: String(squares) },
    );
  return (sum / squares) * sum;
}
