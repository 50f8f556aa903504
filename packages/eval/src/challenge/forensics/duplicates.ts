/** @file Submissions of different groups that are one and the same. */
import { scalarProduct } from './jetOrder.js';

/** What two submissions are compared by. */
export interface Comparable {
  readonly groupKey: string;
  /** (n,) in the order of the jets */
  readonly scores: Float32Array | Float64Array;
  /** (n,) standardised */
  readonly ranks: Float64Array;
  readonly auc: number;
  readonly distinct: number;
}

/** Two entries of different groups, by their index. */
export interface Duplicate {
  readonly pair: readonly [number, number];
  /** `scores`: equal to float32 precision; `ranking`: the same order of the jets, or exactly the opposite one */
  readonly same: 'scores' | 'ranking';
  /** rank correlation */
  readonly correlation: number;
}

/** Two trainings of one network agree to about 0.99; above this only a rounded or rescaled copy does. */
const COPY = 0.9999;
/** Fewer jets or fewer distinct scores than this may fall into the same order by themselves. */
const ENOUGH = 100;

/**
 * Finds copies between groups: the same scores, or the same ranking of the jets after rounding, rescaling or a turn of sign.
 * Constant submissions are nobody's copy.
 */
export function findDuplicates(entries: readonly Comparable[]): Duplicate[] {
  const found: Duplicate[] = [];
  for (let i = 0; i < entries.length; i++) {
    for (let j = i + 1; j < entries.length; j++) {
      const [a, b] = [entries[i], entries[j]];
      // a copy ranks nearly as well as its original: no need to compare jet by jet what is far apart
      if (a.groupKey === b.groupKey || a.distinct === 1 || Math.abs(strength(a) - strength(b)) > 0.01) continue;
      const same = sameScores(a.scores, b.scores);
      if (!same && Math.min(a.distinct, b.distinct, a.scores.length) < ENOUGH) continue;
      const correlation = same ? 1 : scalarProduct(a.ranks, b.ranks);
      if (same || Math.abs(correlation) >= COPY)
        found.push({ pair: [i, j], same: same ? 'scores' : 'ranking', correlation });
    }
  }
  return found;
}

function strength({ auc }: Comparable): number {
  return Math.abs(auc - 0.5);
}

function sameScores(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < a.length; i++) if (Math.fround(a[i]) !== Math.fround(b[i])) return false;
  return true;
}
