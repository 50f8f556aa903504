/** @file The kernel distance of two samples of physics features (KPD). */
import { JetError, random } from '@jetsdk/jets';
import { quantile } from '../uncertainty/quantile.js';
import { type Distance, drawn } from './frechet.js';
import { pickRows, type Rows, type Sample, type ScaleOptions, scaledPair } from './sample.js';

export interface KernelOptions extends ScaleOptions {
  /** rows in a batch; default 5,000, or what the samples have */
  readonly size?: number;
  /** default 10 */
  readonly batches?: number;
  /** default 1 */
  readonly seed?: number;
}

/**
 * The unbiased squared maximum mean discrepancy of two whole samples with the kernel (x·y/d + 1)⁴ of scaled columns.
 * It may be below 0 where they are alike. Takes time in proportion to n².
 *
 * @param real (n, d) @param generated (m, d), not modified
 * @throws {JetError} BAD_ARGUMENT, SHAPE_MISMATCH, NOT_FINITE; DEGENERATE_METRIC for fewer than two rows
 */
export function kernelDistance(real: Sample, generated: Sample, options: ScaleOptions = {}): number {
  const pair = scaledPair('kernelDistance', real, generated, options);
  return discrepancy(pair.real, pair.generated);
}

/**
 * The kernel physics distance: the median over batches.
 *
 * @param real (n, d) @param generated (m, d), not modified
 * @returns median, and half of the interval that holds the central 68 % of the batches
 * @throws {JetError} as `kernelDistance`; OUT_OF_RANGE for a size that the samples do not have
 * @see Kansal et al.: arXiv:2211.10295
 */
export function kernelPhysicsDistance(real: Sample, generated: Sample, options: KernelOptions = {}): Distance {
  const pair = scaledPair('kernelPhysicsDistance', real, generated, options);
  const room = Math.min(pair.real.rows, pair.generated.rows);
  const { size = Math.min(5000, room), batches = 10, seed = 1 } = options;
  if (!(Number.isInteger(size) && size >= 2 && size <= room && Number.isInteger(batches) && batches >= 2))
    throw new JetError(
      'OUT_OF_RANGE',
      `kernelPhysicsDistance: ${batches} batches of ${size} rows; expected two or more of 2 to ${room}`,
      { batches, size, rows: room },
    );
  const stream = random(seed);
  const values = Float64Array.from({ length: batches }, () => {
    const part = (of: Rows): Rows => pickRows(of, drawn(of.rows, size, stream.uniform));
    return discrepancy(part(pair.real), part(pair.generated));
  }).sort();
  return { value: quantile(values, 0.5), stdErr: (quantile(values, 0.83725) - quantile(values, 0.16275)) / 2 };
}

function discrepancy(a: Rows, b: Rows): number {
  return meanWithin(a) + meanWithin(b) - 2 * meanBetween(a, b);
}

function kernel(x: Rows, i: number, y: Rows, j: number): number {
  const d = x.features;
  let sum = 0;
  for (let k = 0; k < d; k++) sum += x.data[i * d + k] * y.data[j * d + k];
  return (sum / d + 1) ** 4;
}

/** Over pairs of different rows. */
function meanWithin(x: Rows): number {
  let sum = 0;
  for (let i = 0; i < x.rows; i++) for (let j = 0; j < i; j++) sum += kernel(x, i, x, j);
  return (2 * sum) / (x.rows * (x.rows - 1));
}

function meanBetween(x: Rows, y: Rows): number {
  let sum = 0;
  for (let i = 0; i < x.rows; i++) for (let j = 0; j < y.rows; j++) sum += kernel(x, i, y, j);
  return sum / (x.rows * y.rows);
}
