/** @file Whether generated rows cover the real ones, and whether they are copies of the training rows. */
import { JetError } from '@jetsdk/jets';
import type { Share } from '../metrics/confusion.js';
import { clopperPearson, ONE_SIGMA } from '../uncertainty/binomial.js';
import { type Delong, delong } from '../uncertainty/delong.js';
import { type Rows, rawPair, rowsOfSample, type Sample } from './sample.js';

export interface CoverageOptions {
  /** default 5 */
  readonly neighbours?: number;
  /** confidence level of the intervals, in (0, 1); default one standard deviation */
  readonly level?: number;
}

/** Intervals are of the rows counted, for balls as they are. */
export interface CoverageResult {
  /** generated rows within the ball of some real row */
  readonly precision: Share;
  /** real rows within the ball of some generated row */
  readonly recall: Share;
  /** real balls around a generated row, in units of k; above 1 where rows are generated in dense places only */
  readonly density: number;
  /** real rows whose ball holds a generated row */
  readonly coverage: Share;
}

/**
 * Precision, recall, density and coverage. The ball of a row reaches to its k-th neighbour of the same sample; distances are
 * Euclidean in the columns as they are. Takes time in proportion to n².
 *
 * @param real (n, d) @param generated (m, d), not modified
 * @throws {JetError} BAD_ARGUMENT, SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE; DEGENERATE_METRIC for no more rows than neighbours
 * @see Naeem et al.: arXiv:2002.09797
 */
export function coverage(real: Sample, generated: Sample, options: CoverageOptions = {}): CoverageResult {
  const { neighbours = 5, level = ONE_SIGMA } = options;
  if (!Number.isInteger(neighbours) || neighbours < 1)
    throw new JetError('OUT_OF_RANGE', `coverage: ${neighbours} neighbours; expected a whole number from 1`, {
      neighbours,
    });
  const pair = rawPair('coverage', real, generated, neighbours + 1);
  const realBall = squaredRadii(pair.real, neighbours);
  const generatedBall = squaredRadii(pair.generated, neighbours);
  const held = new Uint32Array(pair.generated.rows);
  const recalled = new Uint8Array(pair.real.rows);
  const covered = new Uint8Array(pair.real.rows);
  for (let r = 0; r < pair.real.rows; r++)
    for (let g = 0; g < pair.generated.rows; g++) {
      const square = squaredDistance(pair.real, r, pair.generated, g);
      if (square < realBall[r]) {
        held[g]++;
        covered[r] = 1;
      }
      if (square < generatedBall[g]) recalled[r] = 1;
    }
  const share = (count: number, of: number): Share => ({
    value: count / of,
    interval: clopperPearson(count, of, level),
  });
  const ones = (marks: Uint8Array): number => marks.reduce((sum, mark) => sum + mark, 0);
  return {
    precision: share(held.filter((count) => count > 0).length, held.length),
    recall: share(ones(recalled), recalled.length),
    density: held.reduce((sum, count) => sum + count, 0) / (neighbours * held.length),
    coverage: share(ones(covered), covered.length),
  };
}

/** The nearest of other rows. */
export interface Nearest {
  /** (rows,) how far it is */
  readonly distances: Float64Array;
  /** (rows,) its number */
  readonly nearest: Uint32Array;
}

/** Whether generated rows lie nearer to the training rows than fresh real ones do. */
export interface Memorisation extends Nearest {
  /** probability that a generated row is nearer to its nearest training row than a test row is: 0.5 where nothing is memorised */
  readonly nearer: Delong;
  /** (test rows,) distance to the nearest training row */
  readonly testDistances: Float64Array;
}

/**
 * Compares the distances of generated and of test rows to their nearest neighbours among the training rows.
 *
 * @param training (n, d) @param test (m, d) real rows that were not trained on @param generated (k, d); none is modified
 * @throws {JetError} BAD_ARGUMENT, SHAPE_MISMATCH, NOT_FINITE; DEGENERATE_METRIC for fewer than two rows
 */
export function memorisation(training: Sample, test: Sample, generated: Sample): Memorisation {
  rowsOfSample('memorisation', 'training', training);
  const { distances: testDistances } = nearestRows(training, test);
  const { distances, nearest } = nearestRows(training, generated);
  const labels = [...Array.from(distances, () => 1), ...Array.from(testDistances, () => 0)];
  const scores = [...distances, ...testDistances].map((distance) => -distance);
  return { nearer: delong(labels, scores), distances, nearest, testDistances };
}

/**
 * The nearest other row of each row, by the Euclidean distance in the columns as they are.
 *
 * @param others (n, d) @param rows (m, d), not modified
 * @throws {JetError} BAD_ARGUMENT, SHAPE_MISMATCH, NOT_FINITE; DEGENERATE_METRIC without rows
 */
export function nearestRows(others: Sample, rows: Sample): Nearest {
  const { real, generated } = rawPair('nearestRows', others, rows, 1);
  const distances = new Float64Array(generated.rows).fill(Number.POSITIVE_INFINITY);
  const nearest = new Uint32Array(generated.rows);
  const norms = normsOf(real);
  const order = Uint32Array.from(norms.keys()).sort((a, b) => norms[a] - norms[b]);
  const sorted = Float64Array.from(order, (row) => norms[row]);
  normsOf(generated).forEach((norm, g) => {
    let best = Number.POSITIVE_INFINITY;
    // rows are as far apart as their norms, or farther: from the nearest norm outwards, until that is too far
    let above = sorted.findIndex((other) => other >= norm);
    if (above < 0) above = sorted.length;
    let below = above - 1;
    while (below >= 0 || above < sorted.length) {
      const [down, up] = [norm - (sorted[below] ?? -Infinity), (sorted[above] ?? Infinity) - norm];
      const gap = Math.min(down, up) * (1 - ROUNDING);
      if (gap * gap >= best) break;
      const r = order[down < up ? below-- : above++];
      const square = distanceBelow(real, r, generated, g, best);
      if (square < best) {
        best = square;
        nearest[g] = r;
      }
    }
    distances[g] = Math.sqrt(best);
  });
  return { distances, nearest };
}

/** What norms of some thousand numbers may be off, relatively. */
const ROUNDING = 1e-9;

function normsOf({ rows, features, data }: Rows): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let k = row * features; k < (row + 1) * features; k++) sum += data[k] ** 2;
    return Math.sqrt(sum);
  });
}

/** Squared distances to the k-th nearest other row. */
function squaredRadii(sample: Rows, k: number): Float64Array {
  const radii = new Float64Array(sample.rows);
  const nearest = new Float64Array(k);
  for (let i = 0; i < sample.rows; i++) {
    nearest.fill(Number.POSITIVE_INFINITY);
    for (let j = 0; j < sample.rows; j++) {
      if (j === i) continue;
      const square = squaredDistance(sample, i, sample, j);
      let at = k - 1;
      if (square >= nearest[at]) continue;
      for (; at > 0 && nearest[at - 1] > square; at--) nearest[at] = nearest[at - 1];
      nearest[at] = square;
    }
    radii[i] = nearest[k - 1];
  }
  return radii;
}

function squaredDistance(a: Rows, i: number, b: Rows, j: number): number {
  const d = a.features;
  let sum = 0;
  for (let k = 0; k < d; k++) sum += (a.data[i * d + k] - b.data[j * d + k]) ** 2;
  return sum;
}

/** Columns after which it is looked whether a sum has passed its bound. */
const STRIDE = 32;

/** The squared distance, or some number from `bound` on where it is not below it. */
function distanceBelow(a: Rows, i: number, b: Rows, j: number, bound: number): number {
  const d = a.features;
  let sum = 0;
  for (let first = 0; first < d && sum < bound; first += STRIDE) {
    const last = Math.min(d, first + STRIDE);
    for (let k = first; k < last; k++) sum += (a.data[i * d + k] - b.data[j * d + k]) ** 2;
  }
  return sum;
}
