import { random } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { sklearn } from '../fixtures.testing.js';
import { codeOf } from '../jets.testing.js';
import { clopperPearson } from '../uncertainty/binomial.js';
import { delong, pairedDelong } from '../uncertainty/delong.js';
import { auc } from './auc.js';
import { backgroundRejection } from './backgroundRejection.js';
import { confusion } from './confusion.js';
import { multiClass, oneVsOne, pairedMultiClass } from './multiClass.js';

const { labels, probabilities, classes, ...expected } = sklearn.multiClass;
const scores = { shape: [labels.length, classes], data: probabilities };

/** Softmax of Gaussian logits, jets of four classes of unequal size. */
function toyClasses(
  jets: number,
  seed: number,
): { labels: Uint8Array; scores: { shape: number[]; data: Float64Array } } {
  const { normal, uniform } = random(seed);
  const own = Uint8Array.from({ length: jets }, () => Math.floor(4 * uniform() ** 1.5));
  const data = new Float64Array(4 * jets);
  for (let i = 0; i < jets; i++) {
    const logits = Array.from({ length: 4 }, (_, c) => Math.exp((c === own[i] ? 1 : 0) + normal()));
    const sum = logits.reduce((a, b) => a + b);
    data.set(
      logits.map((x) => x / sum),
      4 * i,
    );
  }
  return { labels: own, scores: { shape: [jets, 4], data } };
}

describe('multiClass', () => {
  it('agrees with scikit-learn', () => {
    const result = multiClass(labels, scores, { backgrounds: [0] });
    expect(result.confusion.accuracy.value).toBeCloseTo(expected.accuracy, 13);
    expect(result.macroOneVsRest.auc).toBeCloseTo(expected.macroOneVsRest, 13);
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

  it('sets every pair of classes against each other, or every signal against every background', () => {
    const pairs = (backgrounds?: number[]): number[][] =>
      multiClass(labels, scores, { backgrounds }).oneVsOne.map((r) => [r.signal, r.background]);
    expect(pairs()).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [2, 1],
      [3, 1],
      [3, 2],
    ]);
    expect(pairs([0, 2])).toEqual([
      [1, 0],
      [1, 2],
      [3, 0],
      [3, 2],
    ]);
    const { oneVsOne: all, macroOneVsOne } = multiClass(labels, scores);
    expect(macroOneVsOne.auc).toBeCloseTo(all.reduce((total, r) => total + r.auc, 0) / 6, 13);
  });

  it('gives each pair what two-class metrics give it', () => {
    const toy = toyClasses(900, 2);
    const result = multiClass(toy.labels, toy.scores, { signalEfficiencies: [0.3, 0.5], level: 0.9 });
    for (const pair of result.oneVsOne) {
      const two = oneVsOne(toy.labels, toy.scores, { signal: pair.signal, background: pair.background });
      const { stdErr, interval } = delong(two.labels, two.scores, { level: 0.9 });
      expect(pair.stdErr).toBeCloseTo(stdErr, 12);
      expect(pair.interval.low).toBeCloseTo(interval.low, 12);
      expect(pair.rejection).toEqual(
        [0.3, 0.5].map((signalEfficiency) =>
          backgroundRejection(two.labels, two.scores, { signalEfficiency, level: 0.9 }),
        ),
      );
    }
  });

  it('is the two-class AUC and its error twice over for two classes', () => {
    const two = labels.map((label) => (label > 1 ? 1 : 0));
    const p = two.flatMap((_, i) => [1 - probabilities[i * classes + 2], probabilities[i * classes + 2]]);
    const weights = two.map((_, i) => 1 + (i % 3));
    const column = two.map((_, i) => p[2 * i + 1]);
    const direct = delong(two, column, { weights });
    const result = multiClass(two, { shape: [two.length, 2], data: p }, { weights });
    for (const one of [...result.oneVsRest, result.macroOneVsRest, result.macroOneVsOne]) {
      expect(one.auc).toBeCloseTo(direct.auc, 12);
      expect(one.stdErr).toBeCloseTo(direct.stdErr, 12);
    }
  });

  it('knows the error of its means: the spread over other jets of the same kind', () => {
    const trials = Array.from({ length: 300 }, (_, seed) => {
      const toy = toyClasses(300, seed);
      return multiClass(toy.labels, toy.scores);
    });
    for (const key of ['macroOneVsRest', 'macroOneVsOne'] as const) {
      const values = trials.map((result) => result[key].auc);
      const mean = values.reduce((a, b) => a + b) / values.length;
      const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
      const claimed = trials.reduce((sum, result) => sum + result[key].stdErr, 0) / trials.length;
      // the spread of 300 is known to 4 %
      expect(Math.abs(claimed / spread - 1)).toBeLessThan(0.13);
    }
  });

  it('names classes, counts their jets and survives JSON', () => {
    const result = multiClass(labels, scores, { name: 'mine', classes: ['QCD', 'W', 'Z', 'top'] });
    expect(result.classes).toEqual(['QCD', 'W', 'Z', 'top']);
    expect(result.oneVsRest.map((r) => r.jets)).toEqual([0, 1, 2, 3].map((c) => labels.filter((l) => l === c).length));
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('names what is wrong with the input', () => {
    const table = (data: number[], k = 2): { shape: number[]; data: number[] } => ({
      shape: [data.length / k, k],
      data,
    });
    const p = table([1, 0, 0, 1, 0.5, 0.5]);
    expect(codeOf(() => multiClass([0, 1], p))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => multiClass([0, 1, 1], { shape: [3, 2], data: [1] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => multiClass([0, 1, 1], { shape: [3, 1], data: [1, 1, 1] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => multiClass([0, 1, 1], p, { classes: ['a'] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => multiClass([0, 1, 2], p))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => multiClass([0, 1, 1], table([1, 0, 0, 1, -0.5, 0.5])))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => multiClass([0, 1, 1], table([1, 0, 0, 1, Number.NaN, 0.5])))).toBe('NOT_FINITE');
    expect(codeOf(() => multiClass([0, 0, 0], p))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => multiClass([0, 1, 1], p))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => multiClass([0, 1, 1], p, { backgrounds: [0, 1] }))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => multiClass([0, 1, 1], p, { backgrounds: [5] }))).toBe('OUT_OF_RANGE');
    const untyped = (...args: unknown[]): unknown => codeOf(() => Reflect.apply(multiClass, undefined, args));
    expect(untyped([0, 1, 1], Promise.resolve(p))).toBe('BAD_ARGUMENT');
    expect(untyped([0, 1, 1], [0.5, 0.5, 0.5])).toBe('BAD_ARGUMENT');
    expect(untyped(undefined, p)).toBe('BAD_ARGUMENT');
    expect(() => Reflect.apply(auc, undefined, [[0, 1, 1], p])).toThrow(/table of shape \(3, 2\).*multiClass/);
  });
});

describe('pairedMultiClass', () => {
  it('is the paired test of two classes, and finds no difference of a tagger from itself', () => {
    const toy = toyClasses(400, 3);
    const two = Uint8Array.from(toy.labels, (label) => (label > 0 ? 1 : 0));
    const column = (c: number): Float64Array => toy.scores.data.filter((_, i) => i % 4 === c);
    const table = (p: Float64Array): { shape: number[]; data: number[] } => ({
      shape: [p.length, 2],
      data: [...p].flatMap((x) => [1 - x, x]),
    });
    const [a, b] = [column(2), column(3)];
    const paired = pairedMultiClass(two, table(a), table(b));
    const direct = pairedDelong(two, a, b);
    expect(paired.difference).toBeCloseTo(direct.difference, 12);
    expect(paired.z).toBeCloseTo(direct.z, 9);
    expect(pairedMultiClass(toy.labels, toy.scores, toy.scores)).toEqual({
      difference: 0,
      stdErr: 0,
      z: 0,
      pValue: 1,
    });
  });
});

describe('oneVsOne', () => {
  it('takes the jets of the two classes, their share of the score and their weights', () => {
    const data = [0.2, 0.2, 0.6, 0.1, 0.3, 0.6, 0.5, 0.5, 0, 0, 0, 1];
    const weights = [1, 2, 3, 4];
    const pair = oneVsOne([0, 1, 2, 1], { shape: [4, 3], data }, { signal: 1, background: 0, weights });
    expect(Array.from(pair.labels)).toEqual([0, 1, 1]);
    expect(Array.from(pair.scores)).toEqual([0.5, 0.3 / (0.3 + 0.1), 0.5]);
    expect(Array.from(pair.weights ?? [])).toEqual([1, 2, 4]);
  });
});

describe('confusion', () => {
  const data = [0.7, 0.2, 0.1, 0.4, 0.4, 0.2, 0.1, 0.8, 0.1, 0.3, 0.3, 0.4, 0.6, 0.2, 0.2];
  const truth = [0, 1, 1, 2, 2];
  const table = { shape: [5, 3], data };

  it('counts true against predicted class, the first of equal scores being the prediction', () => {
    const { counts, shares, accuracy, balancedAccuracy } = confusion(truth, table);
    expect(counts).toEqual([1, 0, 0, 1, 1, 0, 1, 0, 1]);
    expect(shares.map((s) => s.value)).toEqual([1, 0, 0, 0.5, 0.5, 0, 0.5, 0, 0.5]);
    expect(shares[3].interval).toEqual(clopperPearson(1, 2));
    expect(accuracy).toEqual({ value: 0.6, interval: clopperPearson(3, 5) });
    expect(balancedAccuracy).toBeCloseTo(2 / 3, 12);
  });

  it('sums weights, and counts effective jets for the intervals', () => {
    const heavy = confusion(truth, table, { weights: truth.map(() => 7), level: 0.95 });
    const plain = confusion(truth, table, { level: 0.95 });
    expect(heavy.counts).toEqual(plain.counts.map((count) => 7 * count));
    heavy.shares.forEach(({ interval }, i) => {
      expect(interval.low).toBeCloseTo(plain.shares[i].interval.low, 12);
      expect(interval.high).toBeCloseTo(plain.shares[i].interval.high, 12);
    });
    const half = confusion(truth, table, { weights: [1, 3, 1, 1, 1] });
    expect(half.shares[3].value).toBe(0.75);
  });
});
