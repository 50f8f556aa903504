import { isJetError } from '@jetsdk/jets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutCounts } from '../core/cutCounts.js';
import { REJECTION_ESTIMATORS } from '../core/estimator.js';
import { sklearn, withWeights } from '../fixtures.testing.js';
import { codeOf, repeated, scoredJets, slowRoc } from '../jets.testing.js';
import { clopperPearson, poissonInterval } from '../uncertainty/binomial.js';
import { backgroundRejection, workingPoint } from './backgroundRejection.js';

const efficiency = fc.oneof(
  fc.constantFrom(0.1, 0.25, 0.3, 0.5, 2 / 3, 0.75, 1),
  fc.double({ min: 1e-6, max: 1, noNaN: true }),
);

describe('workingPoint', () => {
  it('interpolates as numpy.interp does on the ROC curve, ties and exact hits included', () => {
    for (const c of sklearn.cases) {
      const cuts = cutCounts(c.labels, c.scores, withWeights(c.weights));
      c.efficiencies.forEach((e, i) => {
        expect(workingPoint(cuts, e, 'interpolated').backgroundEfficiency).toBeCloseTo(c.interpolatedFpr[i], 13);
        expect(workingPoint(cuts, e, 'conservative').backgroundEfficiency).toBeCloseTo(c.conservativeFpr[i], 13);
      });
    }
  });

  it('agrees with a slow walk along the curve for every estimator', () => {
    fc.assert(
      fc.property(scoredJets(1), efficiency, ({ labels, scores }, e) => {
        const cuts = cutCounts(labels, scores);
        const curve = slowRoc(labels, scores);
        const after = curve.findIndex((p) => p.s >= e);
        const before = curve[after - 1];
        const lastAtOrBelow = curve.findLastIndex((p) => p.s <= e);
        const { s, b } = curve[lastAtOrBelow];
        const next = curve[lastAtOrBelow + 1];
        const interpolated = s === e ? b : b + ((e - s) * (next.b - b)) / (next.s - s);
        const distances = curve.map((p) => (p.s > 0 ? Math.abs(p.s - e) : Number.POSITIVE_INFINITY));
        const least = Math.min(...distances);
        const nearestEfficiency = Math.max(...curve.filter((_, i) => distances[i] === least).map((p) => p.s));
        const nearest = curve.find((p) => p.s === nearestEfficiency)!;
        expect(workingPoint(cuts, e, 'conservative').backgroundEfficiency).toBe(curve[after].b);
        expect(workingPoint(cuts, e, 'interpolated').backgroundEfficiency).toBeCloseTo(interpolated, 13);
        // a distance of two efficiencies from the one asked for may be equal but for rounding
        const tie = before.s > 0 && Math.abs(curve[after].s - e - (e - before.s)) < 1e-15;
        if (!tie) expect(workingPoint(cuts, e, 'nearest').backgroundEfficiency).toBe(nearest.b);
      }),
    );
  });

  it('has estimators that bracket each other: the conservative one keeps the most, unless a cut hits ε_S exactly', () => {
    fc.assert(
      fc.property(scoredJets(1), efficiency, fc.boolean(), ({ labels, scores, weights }, e, weighted) => {
        const cuts = cutCounts(labels, scores, { weights: weighted ? weights : undefined });
        const [interpolated, conservative, nearest] = REJECTION_ESTIMATORS.map(
          (estimator) => workingPoint(cuts, e, estimator).backgroundEfficiency,
        );
        const after = workingPoint(cuts, e, 'conservative');
        const kept = cuts.ofSignal.sums?.weight[after.signalJets - 1] ?? after.signalJets;
        expect(nearest).toBeLessThanOrEqual(conservative);
        if (kept / cuts.ofSignal.weight === e) expect(interpolated).toBeGreaterThanOrEqual(conservative);
        else expect(interpolated).toBeLessThanOrEqual(conservative * (1 + 1e-12));
      }),
    );
  });

  it('does not change when every jet is there twice, and takes weight 2 as the jet twice', () => {
    fc.assert(
      fc.property(
        scoredJets(1),
        efficiency,
        fc.infiniteStream(fc.integer({ min: 1, max: 3 })),
        ({ labels, scores }, e, stream) => {
          const times = labels.map(() => stream.next().value);
          const once = cutCounts(labels, scores);
          const doubled = cutCounts([...labels, ...labels], [...scores, ...scores]);
          const weighted = cutCounts(labels, scores, { weights: times });
          const repeats = cutCounts(repeated(labels, times), repeated(scores, times));
          for (const estimator of REJECTION_ESTIMATORS) {
            const efficiencyOf = (cuts: typeof once): number => workingPoint(cuts, e, estimator).backgroundEfficiency;
            expect(efficiencyOf(doubled)).toBe(efficiencyOf(once));
            expect(efficiencyOf(repeats)).toBe(efficiencyOf(weighted));
          }
        },
      ),
    );
  });

  it('never passes less background at a higher ε_S', () => {
    fc.assert(
      fc.property(
        scoredJets(1),
        efficiency,
        efficiency,
        fc.boolean(),
        ({ labels, scores, weights }, a, b, weighted) => {
          const cuts = cutCounts(labels, scores, { weights: weighted ? weights : undefined });
          for (const estimator of REJECTION_ESTIMATORS) {
            const low = workingPoint(cuts, Math.min(a, b), estimator).backgroundEfficiency;
            const high = workingPoint(cuts, Math.max(a, b), estimator).backgroundEfficiency;
            expect(low).toBeLessThanOrEqual(high * (1 + 1e-12));
          }
        },
      ),
    );
  });
});

describe('backgroundRejection', () => {
  const labels = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0];
  const scores = [0.9, 0.8, 0.7, 0.2, 0.85, 0.6, 0.5, 0.4, 0.3, 0.1];

  it('reports 1/ε_B, the background jets behind it, the threshold and an interval around it', () => {
    const point = backgroundRejection(labels, scores, { signalEfficiency: 0.5 });
    expect(point).toMatchObject({
      signalEfficiency: 0.5,
      rejection: 6,
      estimator: 'interpolated',
      falsePositives: 1,
      threshold: 0.8,
      signalEfficiencyAtThreshold: 0.5,
    });
    const { low, high } = clopperPearson(1, 6);
    expect(point.interval).toEqual({ level: 0.6826894921370859, low: 1 / high, high: 1 / low });
  });

  it('contains its own value in the interval, at any level, also between two cuts', () => {
    const tied = scores.map((s) => Math.round(s * 3) / 3);
    for (const level of [0.5, 0.9, 0.99])
      for (const estimator of REJECTION_ESTIMATORS)
        for (const e of [0.55, 0.7, 0.9, 1]) {
          const { rejection, interval } = backgroundRejection(labels, tied, { signalEfficiency: e, estimator, level });
          expect(interval.level).toBe(level);
          expect(interval.low).toBeLessThanOrEqual(rejection);
          expect(interval.high).toBeGreaterThanOrEqual(rejection);
        }
  });

  it('has a Poisson interval, wider than the binomial one, where it is asked for', () => {
    const { interval } = backgroundRejection(labels, scores, {
      signalEfficiency: 0.5,
      interval: 'poisson',
      level: 0.9,
    });
    const { low, high } = poissonInterval(1, 0.9);
    expect(interval).toEqual({ level: 0.9, low: 6 / high, high: 6 / low });
    const everything = backgroundRejection(labels, scores, { signalEfficiency: 1, interval: 'poisson' });
    expect(everything.rejection).toBe(1);
    expect(everything.interval.low).toBe(1);
  });

  it('gives weights of one the unweighted result, and does not mistake weight for statistics', () => {
    const plain = backgroundRejection(labels, scores, { signalEfficiency: 0.6 });
    const ones = backgroundRejection(labels, scores, { signalEfficiency: 0.6, weights: labels.map(() => 1) });
    const heavy = backgroundRejection(labels, scores, { signalEfficiency: 0.6, weights: labels.map(() => 1000) });
    for (const weighted of [ones, heavy]) {
      expect(weighted.rejection).toBeCloseTo(plain.rejection, 12);
      expect(weighted.interval.low).toBeCloseTo(plain.interval.low, 9);
      expect(weighted.interval.high).toBeCloseTo(plain.interval.high, 9);
    }
  });

  it('throws when no background jet passes, with the lower limit', () => {
    let caught: unknown;
    try {
      backgroundRejection(labels, scores, { signalEfficiency: 0.2 });
    } catch (error) {
      caught = error;
    }
    if (!isJetError(caught)) throw new Error('no JetError');
    expect(caught.code).toBe('DEGENERATE_METRIC');
    // 95 %: (1 − ε)⁶ = 0.05
    expect(caught.details.lowerBound).toBeCloseTo(1 / (1 - 0.05 ** (1 / 6)), 10);
    expect(caught.details.level).toBe(0.95);
    expect(caught.message).toContain('6 background jets');
  });

  it('refuses an efficiency outside (0, 1] and a level outside (0, 1)', () => {
    for (const e of [0, -0.1, 1.01, Number.NaN])
      expect(codeOf(() => backgroundRejection(labels, scores, { signalEfficiency: e }))).toBe('OUT_OF_RANGE');
    for (const level of [0, 1, Number.NaN])
      expect(codeOf(() => backgroundRejection(labels, scores, { signalEfficiency: 0.5, level }))).toBe('OUT_OF_RANGE');
  });
});
