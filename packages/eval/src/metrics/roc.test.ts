import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutCounts } from '../core/cutCounts.js';
import { sklearn, withWeights } from '../fixtures.testing.js';
import { codeOf, repeated, scoredJets, slowRoc } from '../jets.testing.js';
import { aucOf } from './auc.js';
import { roc, rocOf, thinRoc } from './roc.js';

describe('roc', () => {
  it('rises monotonically from (0, 0) to (1, 1) with falling thresholds', () => {
    fc.assert(
      fc.property(scoredJets(1), fc.boolean(), ({ labels, scores, weights }, weighted) => {
        const { threshold, signalEfficiency, backgroundEfficiency } = roc(labels, scores, {
          weights: weighted ? weights : undefined,
        });
        const last = threshold.length - 1;
        expect([signalEfficiency[0], backgroundEfficiency[0]]).toEqual([0, 0]);
        expect([signalEfficiency[last], backgroundEfficiency[last]]).toEqual([1, 1]);
        for (let i = 1; i <= last; i++) {
          expect(threshold[i]).toBeLessThan(threshold[i - 1]);
          expect(signalEfficiency[i]).toBeGreaterThanOrEqual(signalEfficiency[i - 1]);
          expect(backgroundEfficiency[i]).toBeGreaterThanOrEqual(backgroundEfficiency[i - 1]);
        }
      }),
    );
  });

  it('does not change when every jet is there twice, and takes weight 2 as the jet twice', () => {
    fc.assert(
      fc.property(scoredJets(1), fc.infiniteStream(fc.integer({ min: 1, max: 3 })), ({ labels, scores }, stream) => {
        const times = labels.map(() => stream.next().value);
        const doubled = roc([...labels, ...labels], [...scores, ...scores]);
        expect(doubled).toEqual(roc(labels, scores));
        const repeats = roc(repeated(labels, times), repeated(scores, times));
        expect(roc(labels, scores, { weights: times })).toEqual(repeats);
      }),
    );
  });

  it('keeps points of the slow curve only, and its area', () => {
    fc.assert(
      fc.property(scoredJets(1), ({ labels, scores }) => {
        const cuts = cutCounts(labels, scores);
        const curve = rocOf(cuts);
        const slow = slowRoc(labels, scores);
        let area = 0;
        for (let i = 0; i < curve.threshold.length; i++) {
          const { s, b } = slow.find((p) => (i === 0 ? p.s + p.b === 0 : p.threshold === curve.threshold[i]))!;
          expect([curve.signalEfficiency[i], curve.backgroundEfficiency[i]]).toEqual([s, b]);
          if (i > 0) area += ((b - curve.backgroundEfficiency[i - 1]) * (s + curve.signalEfficiency[i - 1])) / 2;
        }
        expect(area).toBeCloseTo(aucOf(cuts), 12);
      }),
    );
  });

  it.each(sklearn.cases.map((c, i) => [i, c] as const))('agrees with scikit-learn at its corners, case %i', (_, c) => {
    const curve = roc(c.labels, c.scores, withWeights(c.weights));
    for (let i = 1; i < curve.threshold.length; i++) {
      const at = c.roc.threshold.indexOf(curve.threshold[i]) + 1;
      expect(at).toBeGreaterThan(0);
      expect(curve.signalEfficiency[i]).toBeCloseTo(c.roc.tpr[at], 12);
      expect(curve.backgroundEfficiency[i]).toBeCloseTo(c.roc.fpr[at], 12);
    }
  });

  it('leaves out the points inside a straight vertical or horizontal stretch', () => {
    const curve = roc([1, 1, 0, 0, 1, 0], [6, 5, 4, 3, 2, 2]);
    expect(Array.from(curve.threshold.slice(1))).toEqual([5, 3, 2]);
    expect(curve.threshold[0]).toBeGreaterThan(6);
    expect(Array.from(curve.signalEfficiency)).toEqual([0, 2 / 3, 2 / 3, 1]);
    expect(Array.from(curve.backgroundEfficiency)).toEqual([0, 0, 2 / 3, 1]);
  });
});

describe('thinRoc', () => {
  const labels = Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? 1 : 0));
  const scores = labels.map((label, i) => Math.sin(i * i) + 0.8 * label);
  const full = roc(labels, scores);

  it('keeps both ends and points of the curve, in order, and no more than asked for', () => {
    const thin = thinRoc(full, 50);
    expect(thin.threshold.length).toBeLessThanOrEqual(50);
    expect(thin.threshold.length).toBeGreaterThan(25);
    const at = Array.from(thin.threshold, (t) => full.threshold.indexOf(t));
    expect(at[0]).toBe(0);
    expect(at[at.length - 1]).toBe(full.threshold.length - 1);
    at.forEach((index, i) => {
      if (i > 0) expect(index).toBeGreaterThan(at[i - 1]);
      expect(thin.signalEfficiency[i]).toBe(full.signalEfficiency[index]);
      expect(thin.backgroundEfficiency[i]).toBe(full.backgroundEfficiency[index]);
    });
  });

  it('is what roc gives when it is asked for that many points', () => {
    for (const points of [2, 3, 50, 1000, 5000]) expect(roc(labels, scores, { points })).toEqual(thinRoc(full, points));
    expect(codeOf(() => roc(labels, scores, { points: 1.5 }))).toBe('OUT_OF_RANGE');
  });

  it('returns a short curve as it is, and refuses fewer than two points', () => {
    expect(thinRoc(full, full.threshold.length)).toBe(full);
    expect(codeOf(() => thinRoc(full, 1))).toBe('OUT_OF_RANGE');
  });
});
