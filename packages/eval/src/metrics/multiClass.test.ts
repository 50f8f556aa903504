import { describe, expect, it } from 'vitest';
import { sklearn } from '../fixtures.testing.js';
import { codeOf } from '../jets.testing.js';
import { auc } from './auc.js';
import { multiClass, oneVsOneScores } from './multiClass.js';

const { labels, probabilities, classes, ...expected } = sklearn.multiClass;

describe('multiClass', () => {
  it('agrees with scikit-learn', () => {
    const result = multiClass(labels, probabilities, classes);
    expect(result.accuracy).toBeCloseTo(expected.accuracy, 13);
    expect(result.macroOneVsRest).toBeCloseTo(expected.macroOneVsRest, 13);
    result.oneVsRest.forEach((r, c) => {
      expect(r.class).toBe(c);
      expect(r.auc).toBeCloseTo(expected.oneVsRest[c], 13);
    });
    expect(result.oneVsOne.map((r) => [r.signal, r.background])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    result.oneVsOne.forEach((r, i) => {
      expect(r.auc).toBeCloseTo(expected.oneVsOneAgainst0[i], 13);
    });
  });

  it('sets every signal class against every background class', () => {
    const result = multiClass(labels, probabilities, classes, { backgrounds: [0, 2] });
    expect(result.oneVsOne.map((r) => [r.signal, r.background])).toEqual([
      [1, 0],
      [1, 2],
      [3, 0],
      [3, 2],
    ]);
    const sum = result.oneVsOne.reduce((total, r) => total + r.auc, 0);
    expect(result.macroOneVsOne).toBeCloseTo(sum / 4, 13);
  });

  it('is the two-class AUC twice over for two classes', () => {
    const two = labels.map((label) => (label > 1 ? 1 : 0));
    const p = two.flatMap((_, i) => [1 - probabilities[i * classes + 2], probabilities[i * classes + 2]]);
    const weights = two.map((_, i) => 1 + (i % 3));
    const direct = auc(
      two,
      two.map((_, i) => p[2 * i + 1]),
      { weights },
    );
    const result = multiClass(two, p, 2, { weights });
    for (const value of [...result.oneVsRest.map((r) => r.auc), result.macroOneVsOne])
      expect(value).toBeCloseTo(direct, 12);
  });

  it('names what is wrong with the input', () => {
    const p = [1, 0, 0, 1, 0.5, 0.5];
    expect(codeOf(() => multiClass([0, 1], p, 2))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => multiClass([0, 1, 2], p, 2))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => multiClass([0, 1, 1], [1, 0, 0, 1, -0.5, 0.5], 2))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => multiClass([0, 1, 1], [1, 0, 0, 1, Number.NaN, 0.5], 2))).toBe('NOT_FINITE');
    expect(codeOf(() => multiClass([0, 0, 0], p, 2))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => multiClass([0, 1, 1], p, 2, { backgrounds: [0, 1] }))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => multiClass([0, 1, 1], p, 2, { backgrounds: [5] }))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => multiClass([0, 1, 1], p, 1))).toBe('OUT_OF_RANGE');
  });
});

describe('oneVsOneScores', () => {
  it('takes the jets of the two classes, their share of the probability and their weights', () => {
    const p = [0.2, 0.2, 0.6, 0.1, 0.3, 0.6, 0.5, 0.5, 0, 0, 0, 1];
    const pair = oneVsOneScores([0, 1, 2, 1], p, 3, { signal: 1, background: 0 }, [1, 2, 3, 4]);
    expect(Array.from(pair.labels)).toEqual([0, 1, 1]);
    expect(Array.from(pair.scores)).toEqual([0.5, 0.3 / (0.3 + 0.1), 0.5]);
    expect(Array.from(pair.weights ?? [])).toEqual([1, 2, 4]);
  });
});
