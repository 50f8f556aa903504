/** @file Scores that go together: Gaussian at each node of a condition, given some columns in front of them. */
import type { FormulaWriter } from '@jetsdk/jets';
import { cholesky, forwardSolve } from './linear.js';
import { between, type Nodes } from './nodes.js';

/** At one node: scores = shift + first · byFirst + L · z. */
export interface Gaussian {
  /** (columns,) */
  readonly shift: Float64Array;
  /** (given, columns) */
  readonly byFirst: Float64Array;
  /** (columns, columns) the lower triangle L */
  readonly lower: Float64Array;
}

/** Between two nodes, shift, byFirst and L are mixed. */
export interface Mixture {
  readonly nodes: Nodes;
  readonly given: number;
  readonly columns: number;
  readonly gaussians: readonly Gaussian[];
}

/** Largest size of a decorrelated number. */
const FARTHEST = 10;

/**
 * @param mean (given + columns,)
 * @param covariance of all of them, positive definite
 * @throws {JetError} OUT_OF_RANGE as `cholesky`
 */
export function gaussianOf(mean: Float64Array, covariance: Float64Array, given: number, columns: number): Gaussian {
  const size = given + columns;
  const whole = cholesky(covariance, size);
  const shift = mean.slice(given);
  const byFirst = new Float64Array(given * columns);
  const lower = new Float64Array(columns * columns);
  const corner = new Float64Array(given * given);
  for (let i = 0; i < given; i++) for (let j = 0; j <= i; j++) corner[i * given + j] = whole[i * size + j];
  for (let k = 0; k < given; k++) {
    const unit = new Float64Array(given);
    unit[k] = 1;
    forwardSolve(corner, given, unit);
    for (let i = 0; i < columns; i++) {
      let slope = 0;
      for (let j = 0; j < given; j++) slope += whole[(given + i) * size + j] * unit[j];
      byFirst[k * columns + i] = slope;
      shift[i] -= slope * mean[k];
    }
  }
  for (let i = 0; i < columns; i++)
    for (let j = 0; j <= i; j++) lower[i * columns + j] = whole[(given + i) * size + given + j];
  return { shift, byFirst, lower };
}

/**
 * Decorrelates scores.
 *
 * @param first (rows, given) @param scores (rows, columns), not modified
 * @param places (rows,) of the condition
 * @returns (rows, columns)
 */
export function whitened(
  { nodes, given, columns, gaussians }: Mixture,
  first: Float32Array,
  scores: Float32Array,
  places: Float64Array,
): Float32Array {
  const out = new Float32Array(scores.length);
  const lower = new Float64Array(columns * columns);
  const rest = new Float64Array(columns);
  const order = Uint32Array.from(places.keys()).sort((a, b) => places[a] - places[b]);
  let made = Number.NaN;
  for (const row of order) {
    const [node, share] = between(nodes, places[row]);
    const [a, b] = [gaussians[node], gaussians[node + 1]];
    // rows of the same place, such as mirror images, share the mixture
    if (made !== node + share)
      for (let i = 0; i < lower.length; i++) lower[i] = (1 - share) * a.lower[i] + share * b.lower[i];
    made = node + share;
    for (let i = 0; i < columns; i++) {
      rest[i] = scores[row * columns + i] - (1 - share) * a.shift[i] - share * b.shift[i];
      for (let k = 0; k < given; k++) {
        const at = k * columns + i;
        rest[i] -= first[given * row + k] * ((1 - share) * a.byFirst[at] + share * b.byFirst[at]);
      }
    }
    forwardSolve(lower, columns, rest);
    for (let i = 0; i < columns; i++) out[row * columns + i] = Math.max(-FARTHEST, Math.min(rest[i], FARTHEST));
  }
  return out;
}

/** Writes the way back. @param hats (n, nodes) @param first (n, given) @param z (n, columns) @returns (n, columns) */
export function writeMixture(
  write: FormulaWriter,
  { columns, gaussians }: Mixture,
  hats: number,
  first: number,
  z: number,
): number {
  const { pair } = write;
  let scores = write.multiply(
    hats,
    write.constant(
      gaussians.flatMap(({ shift }) => Array.from(shift)),
      columns,
    ),
  );
  gaussians.forEach(({ byFirst, lower }, node) => {
    const transposed = new Float64Array(columns * columns);
    for (let i = 0; i < columns; i++) for (let j = 0; j <= i; j++) transposed[j * columns + i] = lower[i * columns + j];
    const one = pair(
      'Add',
      write.multiply(first, write.constant(byFirst, columns)),
      write.multiply(z, write.constant(transposed, columns)),
    );
    scores = pair('Add', scores, pair('Mul', write.slice(hats, node, node + 1), one));
  });
  return scores;
}
