import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, scoredJets, slowRoc } from '../jets.testing.js';
import { CutCursor, cutCounts, distinctScores, passing } from './cutCounts.js';
import { descendingOrder } from './sort.js';

function walk(cursor: CutCursor): { threshold: number; s: number; b: number }[] {
  const rows = [];
  while (cursor.next()) rows.push({ threshold: cursor.score, s: cursor.signal, b: cursor.background });
  return rows;
}

describe('cutCounts', () => {
  it('counts what passes at every distinct score, exactly, for float32, float64 and plain numbers', () => {
    fc.assert(
      fc.property(scoredJets(1), ({ labels, scores }) => {
        for (const column of [Float32Array.from(scores), Float64Array.from(scores), scores]) {
          const cuts = cutCounts(labels, column);
          const expected = slowRoc(labels, Array.from(column)).slice(1);
          expect(walk(new CutCursor(cuts))).toEqual(
            expected.map(({ threshold, s, b }) => ({
              threshold,
              s: Math.round(s * cuts.signal),
              b: Math.round(b * cuts.background),
            })),
          );
          expect(distinctScores(cuts)).toBe(expected.length);
        }
      }),
    );
  });

  it('sorts float32 scores over the whole range of exponents and both signs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        (signal, background) => {
          const labels = [...signal.map(() => 1), ...background.map(() => 0)];
          const cuts = cutCounts(labels, Float32Array.from([...signal, ...background]));
          const falling = (values: number[]): number[] => values.map((v) => v + 0).sort((a, b) => b - a);
          expect(Array.from(cuts.ofSignal.scores)).toEqual(falling(signal));
          expect(Array.from(cuts.ofBackground.scores)).toEqual(falling(background));
        },
      ),
    );
  });

  it('adds up the weights of what passes', () => {
    const cuts = cutCounts([1, 0, 1, 0], [0.9, 0.9, 0.1, 0.5], { weights: [2, 0.5, 0, 3] });
    expect(walk(new CutCursor(cuts))).toEqual([
      { threshold: 0.9, s: 2, b: 0.5 },
      { threshold: 0.5, s: 2, b: 3.5 },
      { threshold: 0.1, s: 2, b: 3.5 },
    ]);
    expect(cuts.ofBackground.weight).toBe(3.5);
  });

  it('takes labels of any numeric type and leaves its inputs alone', () => {
    const scores = Float32Array.of(0.2, 0.8, 0.8, -1);
    for (const labels of [Uint8Array, Int32Array, Float32Array, Float64Array].map((type) => type.of(0, 1, 0, 1))) {
      const before = labels.slice();
      expect(Array.from(cutCounts(labels, scores).ofSignal.scores)).toEqual([Math.fround(0.8), -1]);
      expect(labels).toEqual(before);
    }
    expect(Array.from(scores)).toEqual([0.2, 0.8, 0.8, -1].map(Math.fround));
  });

  it('names what is wrong with the input', () => {
    expect(codeOf(() => cutCounts([0, 1, 1], [0.1, 0.2]))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => cutCounts([0, 1], [0.1, 0.2], { weights: [1] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => cutCounts([], []))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => cutCounts([1, 1], [0.1, 0.2]))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => cutCounts([0, 0], [0.1, 0.2]))).toBe('DEGENERATE_METRIC');
    for (const label of [2, -1, 0.5, Number.NaN])
      expect(codeOf(() => cutCounts([0, 1, label], [0.1, 0.2, 0.3]))).toBe('OUT_OF_RANGE');
    for (const score of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(codeOf(() => cutCounts([0, 1], [0.1, score]))).toBe('NOT_FINITE');
      expect(codeOf(() => cutCounts([0, 1], Float32Array.of(0.1, score)))).toBe('NOT_FINITE');
      expect(codeOf(() => cutCounts([0, 1], [0.1, 0.2], { weights: [1, score] }))).toBe('NOT_FINITE');
    }
    expect(codeOf(() => cutCounts([0, 1], [0.1, 0.2], { weights: [1, -1e-9] }))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => cutCounts([0, 1], [0.1, 0.2], { weights: [1, 0] }))).toBe('DEGENERATE_METRIC');
  });
});

describe('passing', () => {
  it('counts the jets at or above a threshold, or above it', () => {
    const { ofBackground } = cutCounts([0, 0, 0, 0, 1], [3, 2, 2, 1, 5]);
    expect([4, 3, 2, 1.5, 1, 0].map((t) => passing(ofBackground, t))).toEqual([0, 1, 3, 3, 4, 4]);
    expect([4, 3, 2, 1.5, 1, 0].map((t) => passing(ofBackground, t, true))).toEqual([0, 0, 1, 3, 3, 4]);
  });
});

describe('descendingOrder', () => {
  it('is a stable descending sort of any finite float64, −0 and 0 being equal', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), (scores) => {
        const expected = scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
        expect(Array.from(descendingOrder(scores))).toEqual(expected);
      }),
    );
    expect(Array.from(descendingOrder([0, -0, 1, 0, -0]))).toEqual([2, 0, 1, 3, 4]);
  });
});
