import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flatWeights } from './jetWeights.js';

describe('flatWeights', () => {
  it('gives every occupied bin of a class the same weight, and every class the mean 1', () => {
    const jet = fc.record({
      value: fc.double({ min: 250, max: 300, noNaN: true }),
      label: fc.integer({ min: 0, max: 1 }),
    });
    fc.assert(
      fc.property(fc.array(jet, { minLength: 1, maxLength: 200 }), (jets) => {
        const values = jets.map(({ value }) => value);
        const labels = Uint8Array.from(jets, ({ label }) => label);
        const weights = flatWeights(values, labels, 5);
        const [low, high] = [Math.min(...values), Math.max(...values)];
        for (const label of new Set(labels)) {
          const sums = new Map<number, number>();
          let [total, count] = [0, 0];
          for (const [i, weight] of weights.entries()) {
            if (labels[i] !== label) continue;
            const bin = Math.min(4, Math.floor(((values[i] - low) / (high - low || 1)) * 5));
            sums.set(bin, (sums.get(bin) ?? 0) + weight);
            total += weight;
            count++;
          }
          expect(total / count).toBeCloseTo(1, 4);
          for (const sum of sums.values()) expect(sum / (count / sums.size)).toBeCloseTo(1, 4);
        }
      }),
    );
  });

  it('refuses numbers that are not finite, and another number of labels', () => {
    expect(() => flatWeights([260, Number.NaN], Uint8Array.of(0, 1))).toThrow(/jet 1 has NaN/);
    expect(() => flatWeights([260], Uint8Array.of(0, 1))).toThrow(/1 values, 2 labels/);
  });
});
