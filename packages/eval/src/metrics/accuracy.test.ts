import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sklearn, withWeights } from '../fixtures.testing.js';
import { codeOf, scoredJets } from '../jets.testing.js';
import { accuracy, bestAccuracy } from './accuracy.js';

describe('accuracy', () => {
  it('agrees with scikit-learn at 0.5', () => {
    for (const c of sklearn.cases)
      expect(accuracy(c.labels, c.scores, withWeights(c.weights))).toBeCloseTo(c.accuracy, 13);
  });

  it('calls a jet at the threshold signal', () => {
    expect(accuracy([1, 0], [0.5, 0.5])).toBe(0.5);
    expect(accuracy([1, 0, 0], [2, 2, 1], { threshold: 2 })).toBe(2 / 3);
  });

  it('refuses NaN as threshold', () => {
    expect(codeOf(() => accuracy([1, 0], [1, 0], { threshold: Number.NaN }))).toBe('NOT_FINITE');
  });
});

describe('bestAccuracy', () => {
  it('is the highest accuracy of any threshold, and its threshold reaches it', () => {
    fc.assert(
      fc.property(scoredJets(1), fc.boolean(), ({ labels, scores, weights }, weighted) => {
        const options = weighted ? { weights } : {};
        const best = bestAccuracy(labels, scores, options);
        const all = scores.map((threshold) => accuracy(labels, scores, { ...options, threshold }));
        expect(best.accuracy).toBeCloseTo(Math.max(...all), 13);
        expect(accuracy(labels, scores, { ...options, threshold: best.threshold })).toBeCloseTo(best.accuracy, 13);
      }),
    );
  });
});
