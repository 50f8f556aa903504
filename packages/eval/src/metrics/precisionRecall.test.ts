import { describe, expect, it } from 'vitest';
import { cutCounts } from '../core/cutCounts.js';
import { sklearn } from '../fixtures.testing.js';
import { precisionRecall } from './precisionRecall.js';

describe('precisionRecall', () => {
  it('agrees with scikit-learn', () => {
    for (const c of sklearn.cases) {
      const curve = precisionRecall(cutCounts(c.labels, c.scores, c.weights ?? undefined));
      expect(curve.averagePrecision).toBeCloseTo(c.averagePrecision, 12);
      expect(curve.precision).toHaveLength(c.precision.length);
      c.precision.forEach((precision, i) => {
        expect(curve.precision[i]).toBeCloseTo(precision, 12);
        expect(curve.recall[i]).toBeCloseTo(c.recall[i], 12);
      });
    }
  });

  it('leaves out cuts that let no weight pass', () => {
    const curve = precisionRecall(cutCounts([0, 1, 0], [3, 2, 1], [0, 1, 1]));
    expect(Array.from(curve.threshold)).toEqual([2, 1]);
    expect(Array.from(curve.precision)).toEqual([1, 0.5]);
  });
});
