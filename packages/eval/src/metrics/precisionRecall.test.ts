import { describe, expect, it } from 'vitest';
import { sklearn, withWeights } from '../fixtures.testing.js';
import { precisionRecall } from './precisionRecall.js';

describe('precisionRecall', () => {
  it('agrees with scikit-learn', () => {
    for (const c of sklearn.cases) {
      const curve = precisionRecall(c.labels, c.scores, withWeights(c.weights));
      expect(curve.averagePrecision).toBeCloseTo(c.averagePrecision, 12);
      expect(curve.precision).toHaveLength(c.precision.length);
      c.precision.forEach((precision, i) => {
        expect(curve.precision[i]).toBeCloseTo(precision, 12);
        expect(curve.recall[i]).toBeCloseTo(c.recall[i], 12);
      });
    }
  });

  it('leaves out cuts that let no weight pass', () => {
    const curve = precisionRecall([0, 1, 0], [3, 2, 1], { weights: [0, 1, 1] });
    expect(Array.from(curve.threshold)).toEqual([2, 1]);
    expect(Array.from(curve.precision)).toEqual([1, 0.5]);
  });
});
