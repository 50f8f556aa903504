import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, scoredJets } from '../../jets.testing.js';
import { backgroundRejection } from '../../metrics/backgroundRejection.js';
import { delong } from '../../uncertainty/delong.js';
import { entry, toyLabels, toyScores } from '../challenge.testing.js';
import { decisiveFigure } from './decisiveFigure.js';
import { type LeaderboardRow, rank } from './ranking.js';

const labels = toyLabels(800);
const quick = { replicas: 60 };
const strong = entry('a__strong.npy', toyScores(labels, 1.5, 1), 5000);
const weak = entry('b__weak.npy', toyScores(labels, 0.7, 2), 1000);
const twin = entry('c__twin.npy', toyScores(labels, 1.5, 3), 2000);
const files = (rows: readonly LeaderboardRow[]): string[] => rows.map(({ file }) => file);

/** What a row says of its entry alone. */
const own = ({ file, auc, aucStdErr, aucInterval, accuracy, rejection, rejectionLimits }: LeaderboardRow): unknown => ({
  file,
  auc,
  aucStdErr,
  aucInterval,
  accuracy,
  rejection,
  rejectionLimits,
});

describe('rank', () => {
  it('gives every row its figures with intervals', () => {
    const [row] = rank([strong], labels, quick).leaderboard;
    const { auc, stdErr, interval } = delong(labels, strong.scores);
    expect(row).toMatchObject({
      rank: 1,
      group: 'a',
      network: 'strong',
      auc,
      aucStdErr: stdErr,
      aucInterval: interval,
    });
    expect(row.rejection).toEqual(
      [0.3, 0.5, 0.7].map((e) => backgroundRejection(labels, strong.scores, { signalEfficiency: e })),
    );
    expect(row.firstProbability).toBe(1);
    expect(row.submitted).toBe('1970-01-01T00:00:05.000Z');
  });

  it('puts entries that the test does not separate into one group, with the chance of each to be first', () => {
    const { leaderboard } = rank([weak, strong, twin], labels, { replicas: 400 });
    expect(leaderboard.map(({ tieGroup95 }) => tieGroup95)).toEqual([1, 1, 2]);
    const [first, second, third] = leaderboard;
    expect(third.file).toBe('b__weak.npy');
    expect(first.firstProbability + second.firstProbability + third.firstProbability).toBeCloseTo(1, 12);
    expect(second.firstProbability).toBeGreaterThan(0.02);
    expect(second.rankInterval).toMatchObject({ low: 1, high: 2 });
    expect(third.rankInterval).toMatchObject({ low: 3, high: 3 });
    expect(third.pValueToAbove).toBeLessThan(0.01);
    expect(first.pValueToAbove).toBeUndefined();
  });

  it('shows the places by AUC and by rejection side by side, and ranks by the metric of the rules', () => {
    const pure = entry(
      'd__pure.npy',
      Float32Array.from(weak.scores, (s, i) => (labels[i] === 1 && i % 2 === 0 ? 2 + s : s)),
    );
    const entries = [strong, pure, weak];
    const byAuc = rank(entries, labels, quick).leaderboard;
    const byRejection = rank(entries, labels, { ...quick, rules: { metric: 'rejection' } }).leaderboard;
    for (const rows of [byAuc, byRejection])
      for (const row of rows) expect(row.rank).toBe(rows === byAuc ? row.aucRank : row.rejectionRank);
    expect(byAuc.find(({ file }) => file === 'd__pure.npy')?.rejectionRank).toBe(1);
    expect(files(byRejection)[0]).toBe('d__pure.npy');
    expect(files(byAuc)[0]).not.toBe('d__pure.npy');
    expect(byRejection.at(-1)?.tieGroup95).toBeGreaterThan(1);
  });

  it('gives the lower limit where no background jet passes', () => {
    const perfect = entry('a__x.npy', Float32Array.from(labels));
    const [row] = rank([perfect, weak], labels, quick).leaderboard;
    expect(row.auc).toBe(1);
    const spread = entry(
      'b__x.npy',
      Float32Array.from(labels, (label, i) => 2 * label + Math.sin(i)),
    );
    const [limited] = rank([spread], labels, quick).leaderboard;
    expect(limited.rejection.length + (limited.rejectionLimits?.length ?? 0)).toBe(3);
    expect(limited.rejectionLimits?.[0]).toMatchObject({ signalEfficiency: 0.3, falsePositives: 0, level: 0.95 });
    expect(limited.rejectionLimits?.[0].lowerBound).toBeGreaterThan(100);
  });

  it('tells the figure that an entry is ranked by, with an interval that holds it', () => {
    const perfect = entry('a__x.npy', Float32Array.from(labels));
    const rules = { metric: 'rejection', signalEfficiency: 0.4 } as const;
    const [best, second] = rank([perfect, weak], labels, { ...quick, rules }).leaderboard;
    const [limit] = best.rejectionLimits!.filter(({ signalEfficiency }) => signalEfficiency === 0.4);
    expect(decisiveFigure(best, rules)).toEqual({
      value: limit.lowerBound,
      interval: { level: 0.95, low: limit.lowerBound, high: limit.lowerBound },
      beyond: true,
    });
    const { value, interval, beyond } = decisiveFigure(second, rules);
    expect(value).toBe(second.rejection.find(({ signalEfficiency }) => signalEfficiency === 0.4)?.rejection);
    expect([interval.low <= value, value <= interval.high, beyond]).toEqual([true, true, false]);
    expect(decisiveFigure(second, { ...rules, metric: 'auc' }).value).toBe(second.auc);
    expect(() => decisiveFigure(second, { ...rules, signalEfficiency: 0.41 })).toThrow(
      'decisiveFigure: ε_S 0.3, 0.4, 0.5, 0.7; expected 0.41 of the rules among them',
    );
  });

  it('ranks constants, hard decisions and perfect scores with finite numbers only', () => {
    const entries = [
      entry('a__constant.npy', new Float32Array(labels.length).fill(0.5)),
      entry('b__constant.npy', new Float32Array(labels.length)),
      entry(
        'c__hard.npy',
        strong.scores.map((s) => Math.round(s)),
      ),
      entry('d__perfect.npy', Float32Array.from(labels)),
      entry(
        'e__wrong.npy',
        Float32Array.from(labels, (label) => 1 - label),
      ),
    ];
    for (const metric of ['auc', 'rejection'] as const) {
      const board = rank(entries, labels, { ...quick, rules: { metric } });
      expect(board.leaderboard).toHaveLength(5);
      JSON.stringify(board, (_, value) => {
        if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
        return value;
      });
    }
    expect(files(rank(entries, labels, quick).leaderboard)[0]).toBe('d__perfect.npy');
    const [constant, same] = rank(entries, labels, quick).leaderboard.slice(2);
    expect([constant.auc, same.auc]).toEqual([0.5, 0.5]);
    expect(same).toMatchObject({ pValueToAbove: 1, tieGroup95: constant.tieGroup95 });
  });

  it('puts the earlier of equal entries ahead, those without a time last, then by name', () => {
    const same = (file: string, time?: number) => entry(file, strong.scores, time);
    const entries = [same('z__x.npy', 1), same('y__x.npy'), same('a__x.npy'), same('b__x.npy', 2)];
    expect(files(rank(entries, labels, quick).leaderboard)).toEqual(['z__x.npy', 'b__x.npy', 'a__x.npy', 'y__x.npy']);
  });

  it('rejects by name what a group sent beyond the limit, however it spells itself', () => {
    const sent = ['Team__1', 'team__2', 'TEAM__3', 'team__4', 'team__5', 'team__6', 'other__1'].map((name, i) =>
      entry(`${name}.npy`, weak.scores, 7000 - i),
    );
    const { leaderboard, rejected } = rank(sent, labels, quick);
    expect(rejected).toEqual([
      { file: 'Team__1.npy', reason: 'submission 6 of group Team; expected at most 5, the earliest count' },
    ]);
    expect(leaderboard).toHaveLength(6);
    expect(rank(sent, labels, { ...quick, rules: { limitPerGroup: 1 } }).leaderboard).toHaveLength(2);
  });

  it('takes the metrics on the board alone', () => {
    const board = labels.map((_, i) => (i < 300 ? 1 : 0));
    const { leaderboard, jets } = rank([strong], labels, { ...quick, board });
    expect(jets).toBe(300);
    expect(leaderboard[0].auc).toBe(delong(labels.subarray(0, 300), strong.scores.subarray(0, 300)).auc);
  });

  it('does not depend on the order of the files, nor the figures of an entry on the others', () => {
    const scores = fc.array(fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: -2, max: 2, noNaN: true })), {
      minLength: 60,
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        scoredJets(3),
        fc.array(scores, { minLength: 2, maxLength: 4 }),
        fc.infiniteStream(fc.nat()),
        (jets, many, keys) => {
          const truth = Uint8Array.from(jets.labels);
          const entries = many.map((values, i) =>
            entry(
              `g${i % 2}__n${i}.npy`,
              Float64Array.from(values.slice(0, truth.length).concat(jets.scores).slice(0, truth.length)),
            ),
          );
          const shuffled = entries.map((e) => ({ e, key: keys.next().value })).sort((a, b) => a.key - b.key);
          const board = rank(entries, truth, quick);
          expect(
            rank(
              shuffled.map(({ e }) => e),
              truth,
              quick,
            ),
          ).toEqual(board);
          const fewer = rank(entries.slice(1), truth, quick).leaderboard;
          expect(fewer.map(own)).toEqual(board.leaderboard.filter(({ file }) => file !== 'g0__n0.npy').map(own));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('tells nothing jet by jet', () => {
    const text = JSON.stringify(rank([strong, weak, twin], labels, quick));
    expect(text).not.toContain([...labels.subarray(0, 8)].join(','));
    const longest = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? Math.max(Array.isArray(value) ? value.length : 0, 0, ...Object.values(value).map(longest))
        : 0;
    expect(longest(JSON.parse(text))).toBeLessThanOrEqual(3);
  });

  it('refuses labels of one class, other labels, other lengths and senseless rules', () => {
    const ones = new Uint8Array(4).fill(1);
    const four = entry('a__x.npy', Float32Array.of(1, 2, 3, 4));
    expect(codeOf(() => rank([four], ones, quick))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => rank([four], [0, 1, 2, 1], quick))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => rank([four], [0, 1, 0], quick))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => rank([four], [0, 1, 0, 0], quick))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => rank([four], [0, 1, 0, 1], { replicas: 0 }))).toBe('OUT_OF_RANGE');
    for (const rules of [{ limitPerGroup: 0 }, { signalEfficiency: 0 }, { signalEfficiency: Number.NaN }])
      expect(codeOf(() => rank([four], [0, 1, 0, 1], { rules }))).toBe('OUT_OF_RANGE');
  });

  it('is an empty board where nothing was sent', () => {
    expect(rank([], labels, quick)).toMatchObject({ jets: 800, leaderboard: [], rejected: [] });
  });
});
