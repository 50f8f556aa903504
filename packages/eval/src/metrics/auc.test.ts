import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutCounts } from '../core/cutCounts.js';
import { sklearn, withWeights } from '../fixtures.testing.js';
import { codeOf, repeated, scoredJets, slowAuc } from '../jets.testing.js';
import { auc, partialAuc, partialAucOf } from './auc.js';

/** Sums of at most 60 weights in float64. */
const DIGITS = 13;

describe('auc', () => {
  it('is the Mann–Whitney statistic on random ties', () => {
    fc.assert(
      fc.property(scoredJets(1), ({ labels, scores, weights }) => {
        expect(auc(labels, scores)).toBeCloseTo(slowAuc(labels, scores), DIGITS);
        const single = scores.map(Math.fround);
        expect(auc(labels, Float32Array.from(scores))).toBeCloseTo(slowAuc(labels, single), DIGITS);
        expect(auc(labels, scores, { weights })).toBeCloseTo(slowAuc(labels, scores, weights), DIGITS);
      }),
    );
  });

  it('does not change under a strictly rising map of the scores', () => {
    fc.assert(
      fc.property(scoredJets(1), ({ labels, scores }) => {
        const distinct = [...new Set(scores.map((s) => s + 0))].sort((a, b) => a - b);
        const mapped = scores.map((s) => distinct.indexOf(s + 0) ** 3 - 7);
        expect(auc(labels, mapped)).toBe(auc(labels, scores));
      }),
    );
  });

  it('does not change when the jets are permuted', () => {
    fc.assert(
      fc.property(scoredJets(1), fc.infiniteStream(fc.nat()), ({ labels, scores, weights }, keys) => {
        const order = labels
          .map((_, i) => ({ i, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ i }) => i);
        const pick = (values: number[]): number[] => order.map((i) => values[i]);
        expect(auc(pick(labels), pick(scores))).toBe(auc(labels, scores));
        expect(auc(pick(labels), pick(scores), { weights: pick(weights) })).toBeCloseTo(
          auc(labels, scores, { weights }),
          DIGITS,
        );
      }),
    );
  });

  it('adds up to 1 with the AUC of the negated scores, and of the swapped labels', () => {
    fc.assert(
      fc.property(scoredJets(1), ({ labels, scores, weights }) => {
        const negated = scores.map((s) => -s);
        const swapped = labels.map((l) => 1 - l);
        expect(auc(labels, scores) + auc(labels, negated)).toBeCloseTo(1, DIGITS);
        expect(auc(labels, scores, { weights }) + auc(labels, negated, { weights })).toBeCloseTo(1, DIGITS);
        expect(auc(labels, scores) + auc(swapped, scores)).toBeCloseTo(1, DIGITS);
      }),
    );
  });

  it('does not change when every jet is there twice', () => {
    fc.assert(
      fc.property(scoredJets(1), ({ labels, scores }) => {
        expect(auc([...labels, ...labels], [...scores, ...scores])).toBe(auc(labels, scores));
      }),
    );
  });

  it('takes weight 2 as the jet twice', () => {
    fc.assert(
      fc.property(scoredJets(1), fc.infiniteStream(fc.integer({ min: 1, max: 3 })), ({ labels, scores }, stream) => {
        const times = labels.map(() => stream.next().value);
        expect(auc(labels, scores, { weights: times })).toBe(auc(repeated(labels, times), repeated(scores, times)));
      }),
    );
  });

  it('is 1, 0 and ½ for separated, inverted and constant scores', () => {
    expect(auc([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4])).toBe(1);
    expect(auc([1, 1, 0, 0], [0.1, 0.2, 0.3, 0.4])).toBe(0);
    expect(auc([1, 0, 0, 1, 0], [0.5, 0.5, 0.5, 0.5, 0.5])).toBe(0.5);
  });

  it('agrees with scikit-learn', () => {
    for (const c of sklearn.cases) expect(auc(c.labels, c.scores, withWeights(c.weights))).toBeCloseTo(c.auc, DIGITS);
  });
});

describe('partialAuc', () => {
  it('agrees with scikit-learn below ε_B = 0.2', () => {
    for (const c of sklearn.cases)
      expect(partialAuc(c.labels, c.scores, { range: [0, 0.2], ...withWeights(c.weights) })).toBeCloseTo(
        c.partialAucTo02,
        12,
      );
  });

  it('is the AUC over the whole range, and adds up over its parts', () => {
    fc.assert(
      fc.property(
        scoredJets(1),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        ({ labels, scores, weights }, middle) => {
          for (const cuts of [cutCounts(labels, scores), cutCounts(labels, scores, { weights })]) {
            const whole = partialAucOf(cuts, { range: [0, 1] });
            const parts =
              middle * partialAucOf(cuts, { range: [0, middle] }) +
              (1 - middle) * partialAucOf(cuts, { range: [middle, 1] });
            expect(parts).toBeCloseTo(whole, 12);
          }
          expect(partialAuc(labels, scores, { range: [0, 1] })).toBeCloseTo(auc(labels, scores), 12);
        },
      ),
    );
  });

  it('refuses an empty range or one outside [0, 1]', () => {
    const cuts = cutCounts([0, 1], [0, 1]);
    for (const range of [
      [0.3, 0.3],
      [0.5, 0.2],
      [-0.1, 1],
      [0, 1.1],
      [Number.NaN, 1],
    ] as const)
      expect(codeOf(() => partialAucOf(cuts, { range }))).toBe('OUT_OF_RANGE');
  });
});
