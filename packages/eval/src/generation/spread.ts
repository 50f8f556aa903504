import { JetError } from '@jetsdk/jets';
import type { Sample } from './sample.js';

/**
 * How much the rows of a sample differ among each other: the root of the summed variances of all columns. Of generated cells in
 * units of simulated ones it is near 1 where they vary as much, and near 0 where all are alike.
 *
 * @param sample (n, columns), n ≥ 1
 * @returns in the unit of the columns
 * @throws {JetError} BAD_ARGUMENT for a sample without rows
 */
export function spreadOf({ shape: [rows, columns], data }: Sample): number {
  if (rows < 1) throw new JetError('BAD_ARGUMENT', 'spreadOf: a sample of 0 rows; expected at least 1', { rows });
  let variances = 0;
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    for (let i = column; i < rows * columns; i += columns) sum += data[i];
    const mean = sum / rows;
    for (let i = column; i < rows * columns; i += columns) variances += (data[i] - mean) ** 2 / rows;
  }
  return Math.sqrt(variances);
}
