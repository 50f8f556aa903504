import { describe, expect, it } from 'vitest';
import { auc } from '../../metrics/auc.js';
import { entry, toyLabels, toyScores } from '../challenge.testing.js';
import { publicBoard } from './publicBoard.js';

const labels = toyLabels(900);
const board = labels.map((_, i) => (i < 500 ? 1 : 0));
const options = { step: 0.01, limitPerGroup: 3 };

describe('publicBoard', () => {
  it('tells of each group the best so far, rounded, in the order of submission', () => {
    const first = entry('a__1.npy', toyScores(labels, 0.8, 1), 1);
    const barelyBetter = entry(
      'a__2.npy',
      first.scores.map((s, i) => s + (i < 3 ? labels[i] * 0.01 : 0)) as Float32Array,
      2,
    );
    const other = entry('b__1.npy', toyScores(labels, 1.6, 2), 3);
    const alone = publicBoard([first], labels, board, options).leaderboard[0];
    expect(alone.auc).toBeCloseTo(auc(labels.subarray(0, 500), first.scores.subarray(0, 500)), 1);
    expect(alone.auc * 100).toBeCloseTo(Math.round(alone.auc * 100), 9);
    const { leaderboard } = publicBoard([barelyBetter, other, first], labels, board, options);
    expect(leaderboard.map(({ group }) => group)).toEqual(['b', 'a']);
    expect(leaderboard[1]).toEqual({ rank: 2, group: 'a', submissions: 2, auc: alone.auc });
  });

  it('lets groups of equal AUC share a rank, and rejects beyond the limit', () => {
    const scores = toyScores(labels, 1, 1);
    const entries = [1, 2, 3, 4].map((i) => entry(`a__${i}.npy`, scores, i));
    const shown = publicBoard([...entries, entry('b__1.npy', scores)], labels, board, options);
    expect(shown.leaderboard.map(({ rank }) => rank)).toEqual([1, 1]);
    expect(shown.rejected.map(({ file }) => file)).toEqual(['a__4.npy']);
  });
});
