/** @file Whether a generator gives what it was asked for: mean and width of a quantity against the condition. */
import { JetError } from '@jetsdk/jets';
import { checkArray, checkFinite } from '../core/inputs.js';

/** A condition, such as the energy of the particle, and what was measured, such as energy found / energy: one of each per row. */
export interface Conditioned {
  /** (n,) finite */
  readonly condition: ArrayLike<number>;
  /** (n,) finite */
  readonly value: ArrayLike<number>;
}

/** Mean and standard deviation of the values of one bin, with their errors. */
export interface Moments {
  readonly rows: number;
  readonly mean: number;
  readonly meanErr: number;
  readonly width: number;
  readonly widthErr: number;
}

/** low ≤ condition < high */
export interface ConditionBin {
  readonly low: number;
  readonly high: number;
  /** absent where there are fewer than two rows */
  readonly real?: Moments;
  readonly generated?: Moments;
  /** generated − real in units of the error of the difference; where both are there and vary */
  readonly meanPull?: number;
  readonly widthPull?: number;
}

/**
 * Compares generated with real rows in bins of the condition.
 *
 * @param edges two or more, rising
 * @throws {JetError} BAD_ARGUMENT for what is no array, or if the edges do not rise; SHAPE_MISMATCH; NOT_FINITE
 */
export function conditionalMoments(
  real: Conditioned,
  generated: Conditioned,
  edges: readonly number[],
): ConditionBin[] {
  checkConditioned('real', real);
  checkConditioned('generated', generated);
  if (edges.length < 2 || edges.some((edge, i) => !Number.isFinite(edge) || (i > 0 && !(edge > edges[i - 1]))))
    throw new JetError(
      'BAD_ARGUMENT',
      `conditionalMoments: edges ${edges.join(', ')}; expected two or more, finite, rising`,
      { edges },
    );
  return edges.slice(1).map((high, bin): ConditionBin => {
    const low = edges[bin];
    const [a, b] = [momentsOf(real, low, high), momentsOf(generated, low, high)];
    const bounds = { low, high, ...(a && { real: a }), ...(b && { generated: b }) };
    if (a === undefined || b === undefined || a.width === 0 || b.width === 0) return bounds;
    return {
      ...bounds,
      meanPull: (b.mean - a.mean) / Math.hypot(a.meanErr, b.meanErr),
      widthPull: (b.width - a.width) / Math.hypot(a.widthErr, b.widthErr),
    };
  });
}

function checkConditioned(what: string, { condition, value }: Conditioned): void {
  checkArray('conditionalMoments', `${what}.condition`, condition);
  checkArray('conditionalMoments', `${what}.value`, value);
  if (condition.length !== value.length)
    throw new JetError(
      'SHAPE_MISMATCH',
      `conditionalMoments: ${condition.length} conditions and ${value.length} values in ${what}; expected one of each per row`,
      { conditions: condition.length, values: value.length },
    );
  checkFinite('conditionalMoments', `${what} condition`, condition);
  checkFinite('conditionalMoments', `${what} value`, value);
}

function momentsOf({ condition, value }: Conditioned, low: number, high: number): Moments | undefined {
  const inside: number[] = [];
  for (let i = 0; i < condition.length; i++) if (condition[i] >= low && condition[i] < high) inside.push(value[i]);
  const n = inside.length;
  if (n < 2) return undefined;
  const mean = inside.reduce((sum, v) => sum + v / n, 0);
  let [second, fourth] = [0, 0];
  for (const v of inside) {
    const square = (v - mean) ** 2;
    second += square;
    fourth += square * square;
  }
  const variance = second / (n - 1);
  const width = Math.sqrt(variance);
  // the variance of a sample variance is (m₄ − σ⁴) / n
  const varianceErr = Math.sqrt(Math.max(0, fourth / n - (second / n) ** 2) / n);
  return {
    rows: n,
    mean,
    meanErr: width / Math.sqrt(n),
    width,
    widthErr: width === 0 ? 0 : varianceErr / (2 * width),
  };
}
