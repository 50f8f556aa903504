/** @file Small linear algebra on row-major float64 matrices. */
import { JetError } from '@jetsdk/jets';

/**
 * The lower triangle L with L·Lᵀ = matrix.
 *
 * @param matrix (size, size) symmetric; not modified
 * @throws {JetError} OUT_OF_RANGE if it is not positive definite
 */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k++) sum -= lower[i * size + k] * lower[j * size + k];
      if (i !== j) lower[i * size + j] = sum / lower[j * size + j];
      else if (sum > 0) lower[i * size + i] = Math.sqrt(sum);
      else
        throw new JetError('OUT_OF_RANGE', `cholesky: pivot ${i} is ${sum}; expected a number above 0`, { pivot: i });
    }
  return lower;
}

/** Solves L·x = b in place. */
export function forwardSolve(lower: Float64Array, size: number, x: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= lower[i * size + k] * x[k];
    x[i] = sum / lower[i * size + i];
  }
}

/** Coefficients c that make Σ (y − design·c)² least. @param design (rows, terms) */
export function leastSquares(design: Float64Array, terms: number, y: Float64Array): Float64Array {
  const normal = new Float64Array(terms * terms);
  const right = new Float64Array(terms);
  for (let row = 0; row < y.length; row++)
    for (let i = 0; i < terms; i++) {
      right[i] += design[row * terms + i] * y[row];
      for (let j = 0; j < terms; j++) normal[i * terms + j] += design[row * terms + i] * design[row * terms + j];
    }
  const lower = cholesky(normal, terms);
  forwardSolve(lower, terms, right);
  for (let i = terms - 1; i >= 0; i--) {
    for (let k = i + 1; k < terms; k++) right[i] -= lower[k * terms + i] * right[k];
    right[i] /= lower[i * terms + i];
  }
  return right;
}

/** Mean and covariance of rows. @param rows their numbers @param row gives one of them */
export function moments(
  rows: readonly number[],
  size: number,
  row: (number: number) => Float64Array,
): { mean: Float64Array; covariance: Float64Array } {
  const mean = new Float64Array(size);
  for (const number of rows) {
    const values = row(number);
    for (let i = 0; i < size; i++) mean[i] += values[i] / rows.length;
  }
  const covariance = new Float64Array(size * size);
  const centred = new Float64Array(size);
  for (const number of rows) {
    const values = row(number);
    for (let i = 0; i < size; i++) centred[i] = values[i] - mean[i];
    for (let i = 0; i < size; i++) {
      const [factor, at] = [centred[i] / rows.length, i * size];
      for (let j = 0; j <= i; j++) covariance[at + j] += factor * centred[j];
    }
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) covariance[j * size + i] = covariance[i * size + j];
  return { mean, covariance };
}
