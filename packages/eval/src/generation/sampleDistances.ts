/** @file All distances of two samples in one go. */
import { type CoverageResult, coverage } from './coverage.js';
import { type Distance, frechetPhysicsDistance } from './frechet.js';
import { kernelPhysicsDistance } from './kernelDistance.js';
import type { Sample } from './sample.js';

export interface SampleDistances {
  /** FPD */
  readonly frechet: Distance;
  /** KPD */
  readonly kernel: Distance;
  /** in columns of unit spread of the real sample */
  readonly coverage: CoverageResult;
}

/** Rows that coverage is found with, at most: it takes time in proportion to their square. */
const COVERED = 2000;

/**
 * Fréchet and kernel physics distance, precision, recall, density and coverage of the same columns.
 *
 * The kernel distance takes batches of 5,000 rows, or of half of those there are, so that they differ.
 *
 * @param real (n, d) @param generated (m, d), not modified
 * @throws {JetError} as `frechetPhysicsDistance`, `kernelPhysicsDistance` and `coverage`
 */
export function sampleDistances(real: Sample, generated: Sample): SampleDistances {
  const rows = Math.min(real.shape[0], generated.shape[0]);
  const [a, b] = [real, generated].map((sample) => spread(sample, real));
  return {
    frechet: frechetPhysicsDistance(real, generated),
    kernel: kernelPhysicsDistance(real, generated, { size: Math.min(5000, Math.floor(rows / 2)) }),
    coverage: coverage(a, b),
  };
}

/** The first rows in units of the standard deviation of each column of another sample. */
function spread({ shape: [rows, columns], data }: Sample, of: Sample): Sample {
  const count = Math.min(rows, COVERED);
  const deviations = Float64Array.from({ length: columns }, (_, k) => {
    let [sum, squares] = [0, 0];
    for (let row = 0; row < of.shape[0]; row++) {
      const value = of.data[row * columns + k];
      sum += value / of.shape[0];
      squares += value ** 2 / of.shape[0];
    }
    return Math.sqrt(Math.max(0, squares - sum ** 2)) || 1;
  });
  return {
    shape: [count, columns],
    data: Float64Array.from({ length: count * columns }, (_, i) => data[i] / deviations[i % columns]),
  };
}
