/** @file Which neighbours of a ranking are really apart. */
import { isJetError } from '@jetsdk/jets';
import { type Placements, pairedDelongOf } from '../../uncertainty/delong.js';

/** Half-widths of the central 68% and 95% of a normal distribution, in standard deviations. */
export const SEPARATED_68 = 0.994457883209753;
export const SEPARATED_95 = 1.959963984540054;

/**
 * How far two AUCs on the same jets are apart, in standard errors of their difference.
 *
 * @returns ≥ 0; infinite where they differ by the same for every jet
 */
export function aucDistance(a: Placements, b: Placements): number {
  try {
    return Math.abs(pairedDelongOf(a, b).z);
  } catch (error) {
    if (isJetError(error, 'DEGENERATE_METRIC')) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

/**
 * How far two values are apart, in standard deviations of their difference over bootstrap replicas.
 *
 * @param difference of the two on the jets themselves
 * @param replicas [replica × entries + entry]; not modified
 * @param a index of the one entry @param b of the other
 */
export function replicaDistance(
  difference: number,
  replicas: Float64Array,
  entries: number,
  a: number,
  b: number,
): number {
  const count = replicas.length / entries;
  let mean = 0;
  let squares = 0;
  for (let replica = 0; replica < count; replica++) {
    const delta = replicas[replica * entries + a] - replicas[replica * entries + b] - mean;
    mean += delta / (replica + 1);
    squares += (delta * delta * replica) / (replica + 1);
  }
  if (difference === 0) return 0;
  const spread = Math.sqrt(squares / Math.max(1, count - 1));
  return spread > 0 ? Math.abs(difference) / spread : Number.POSITIVE_INFINITY;
}

/**
 * Parts a ranking into groups: a row belongs to the group of the row above as long as it is not separated from the
 * first of that group.
 *
 * @param order entries from the best
 * @param distance between two entries
 * @param separated from this distance on
 * @returns for each place the number of its group, from 1
 */
export function tieGroups(
  order: readonly number[],
  distance: (a: number, b: number) => number,
  separated: number,
): number[] {
  let first = order[0];
  let group = 1;
  return order.map((entry) => {
    if (entry !== first && distance(first, entry) >= separated) {
      first = entry;
      group++;
    }
    return group;
  });
}
