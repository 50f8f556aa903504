import { describe, expect, it } from 'vitest';
import { sklearn } from '../fixtures.testing.js';
import { codeOf } from '../jets.testing.js';
import { quantile } from './quantile.js';
import { ensembleScores, summariseRuns } from './runs.js';

describe('summariseRuns', () => {
  it('agrees with the published recipe in NumPy, an outlier being cut', () => {
    for (const { values, robust, ...plain } of sklearn.runs) {
      const summary = summariseRuns(values);
      expect(summary.runs).toBe(values.length);
      for (const key of ['median', 'mean', 'std'] as const) {
        expect(summary[key]).toBeCloseTo(plain[key], 10);
        expect(summary.robust[key]).toBeCloseTo(robust[key], 10);
      }
      expect(summary.robust.runs).toBe(robust.runs);
    }
    expect(summariseRuns(sklearn.runs[0].values).robust.runs).toBe(7);
  });

  it('keeps all of two runs, and of equal ones', () => {
    expect(summariseRuns([1, 3])).toEqual({
      runs: 2,
      median: 2,
      mean: 2,
      std: 1,
      robust: { runs: 2, median: 2, mean: 2, std: 1 },
    });
    expect(summariseRuns([0.1, 0.1, 0.1])).toMatchObject({ mean: 0.1, std: 0, robust: { runs: 3, std: 0 } });
  });

  it('refuses one run, and NaN', () => {
    expect(codeOf(() => summariseRuns([1]))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => summariseRuns([1, Number.NaN]))).toBe('NOT_FINITE');
  });
});

describe('quantile', () => {
  it('interpolates linearly between order statistics', () => {
    const sorted = Float64Array.of(1, 2, 4, 8);
    expect([0, 0.5, 1 / 3, 0.9, 1].map((p) => quantile(sorted, p))).toEqual([1, 3, 2, expect.closeTo(6.8, 12), 8]);
  });
});

describe('ensembleScores', () => {
  it('is the mean jet by jet', () => {
    expect(Array.from(ensembleScores([Float32Array.of(0, 1), [0.5, 0]]))).toEqual([0.25, 0.5]);
  });

  it('refuses no runs, other lengths and NaN', () => {
    expect(codeOf(() => ensembleScores([]))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => ensembleScores([[1], [1, 2]]))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => ensembleScores([[1], [Number.NaN]]))).toBe('NOT_FINITE');
  });
});
