/** @file Scores of dark cells, of which only a bound is known: drawn given all others, so that cells go together as they do. */
import { normalProbability, normalQuantile } from '@jetsdk/jets';
import { cholesky, forwardSolve } from './linear.js';

const FARTHEST = 7;

/** Showers as rows of numbers, some of which are only known to lie below a threshold. */
export interface HiddenRows {
  readonly columns: number;
  /** (rows, given) known */
  readonly first: Float32Array;
  /** (rows, columns), changed in place where they are hidden */
  readonly scores: Float32Array;
  isHidden(row: number, column: number): boolean;
  /** @param out (columns,) gets the thresholds of a row */
  thresholds(row: number, out: Float64Array): void;
}

/** A Gaussian of the numbers of a row as it is conditioned on. */
export interface Conditioning {
  readonly mean: Float64Array;
  readonly precision: Float64Array;
}

/** @param covariance (size, size) positive definite */
export function conditioning(mean: Float64Array, covariance: Float64Array): Conditioning {
  const size = mean.length;
  const lower = cholesky(covariance, size);
  const inverse = new Float64Array(size * size);
  const unit = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    unit.fill(0);
    unit[k] = 1;
    forwardSolve(lower, size, unit);
    inverse.set(unit, k * size);
  }
  // (L⁻¹)ᵀ · L⁻¹, whose rows k of `inverse` are the columns k of L⁻¹
  const precision = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < size; k++) sum += inverse[i * size + k] * inverse[j * size + k];
      precision[i * size + j] = sum;
      precision[j * size + i] = sum;
    }
  return { mean, precision };
}

/** Draws every hidden number of some rows once more, each given all others of its row (Gibbs sampling). */
export function redraw(
  rows: ArrayLike<number>,
  { columns, first, scores, isHidden, thresholds }: HiddenRows,
  { mean, precision }: Conditioning,
  uniform: () => number,
): void {
  const size = mean.length;
  const given = size - columns;
  const x = new Float64Array(size);
  const bounds = new Float64Array(columns);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    thresholds(row, bounds);
    for (let k = 0; k < given; k++) x[k] = first[row * given + k] - mean[k];
    for (let k = 0; k < columns; k++) x[given + k] = scores[row * columns + k] - mean[given + k];
    for (let column = 0; column < columns; column++) {
      if (!isHidden(row, column)) continue;
      const k = given + column;
      const own = precision[k * size + k];
      let sum = 0;
      for (let j = 0, at = k * size; j < size; j++, at++) sum += precision[at] * x[j];
      const centre = x[k] - sum / own;
      const spread = 1 / Math.sqrt(own);
      const below = normalProbability((bounds[column] - mean[k] - centre) / spread);
      const drawn = centre + spread * normalQuantile(Math.max(1e-12, uniform() * below));
      x[k] = drawn;
      scores[row * columns + column] = Math.max(-FARTHEST, Math.min(drawn + mean[k], FARTHEST));
    }
  }
}
