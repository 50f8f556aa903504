import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sklearn, withWeights } from '../fixtures.testing.js';
import { codeOf, repeated } from '../jets.testing.js';
import { calibration } from './calibration.js';

describe('calibration', () => {
  it('agrees with scikit-learn on the Brier score', () => {
    for (const c of sklearn.cases)
      expect(calibration(c.labels, c.scores, withWeights(c.weights)).brier).toBeCloseTo(c.brier, 13);
  });

  it('bins the scores and weighs the gaps by the share of jets', () => {
    const { bins, expectedError } = calibration([0, 1, 1, 0, 1], [0, 0.25, 0.5, 0.9, 1], { bins: 2 });
    expect(bins).toEqual([
      { low: 0, high: 0.5, jets: 2, meanScore: 0.125, signalFraction: 0.5 },
      { low: 0.5, high: 1, jets: 3, meanScore: expect.closeTo(0.8, 12), signalFraction: 2 / 3 },
    ]);
    expect(expectedError).toBeCloseTo((2 * 0.375 + 3 * (0.8 - 2 / 3)) / 5, 12);
  });

  it('takes weight 2 as the jet twice', () => {
    const jet = fc.record({
      label: fc.integer({ min: 0, max: 1 }),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      times: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(jet, { minLength: 2 }), (jets) => {
        const labels = [1, 0, ...jets.map((j) => j.label)];
        const scores = [0.5, 0.5, ...jets.map((j) => j.score)];
        const weights = [1, 1, ...jets.map((j) => j.times)];
        const weighted = calibration(labels, scores, { weights });
        const twice = calibration(repeated(labels, weights), repeated(scores, weights));
        expect(weighted.brier).toBeCloseTo(twice.brier, 12);
        expect(weighted.expectedError).toBeCloseTo(twice.expectedError, 12);
      }),
    );
  });

  it('names what is wrong with the input', () => {
    expect(codeOf(() => calibration([0, 1], [0.1, 1.5]))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => calibration([0, 1], [0.1, -0.1]))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => calibration([0, 1], [0.1, Number.NaN]))).toBe('NOT_FINITE');
    expect(codeOf(() => calibration([0, 1], [0.1]))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => calibration([1, 1], [0.1, 0.2]))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => calibration([0, 1], [0.1, 0.2], { weights: [0, 0] }))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => calibration([0, 1], [0.1, 0.2], { bins: 0 }))).toBe('OUT_OF_RANGE');
  });
});
