import { describe, expect, it } from 'vitest';
import { codeOf } from '../jets.testing.js';
import { clopperPearson, effectiveCount, poissonInterval } from './binomial.js';

/** P(K ≤ k) by summing the terms. */
function binomialCdf(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = term;
  for (let i = 1; i <= k; i++) {
    term *= ((n - i + 1) / i) * (p / (1 - p));
    sum += term;
  }
  return sum;
}

function poissonCdf(k: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let i = 1; i <= k; i++) {
    term *= mean / i;
    sum += term;
  }
  return sum;
}

describe('clopperPearson', () => {
  it('ends where the count observed becomes a tail of the size asked for', () => {
    for (const [k, n] of [
      [1, 6],
      [5, 20],
      [19, 20],
      [30, 100],
    ] as const)
      for (const level of [0.6826894921370859, 0.95]) {
        const { low, high } = clopperPearson(k, n, level);
        expect(binomialCdf(k, n, high)).toBeCloseTo((1 - level) / 2, 10);
        expect(1 - binomialCdf(k - 1, n, low)).toBeCloseTo((1 - level) / 2, 10);
      }
  });

  it('reaches 0 without successes and 1 without failures', () => {
    expect(clopperPearson(0, 10).low).toBe(0);
    expect(clopperPearson(10, 10).high).toBe(1);
    expect(clopperPearson(0, 10).high).toBeCloseTo(1 - clopperPearson(10, 10).low, 12);
  });

  it('refuses what is no count', () => {
    for (const [k, n, level] of [
      [-1, 5, 0.9],
      [6, 5, 0.9],
      [0, 0, 0.9],
      [1, 5, 1],
      [Number.NaN, 5, 0.9],
    ] as const)
      expect(codeOf(() => clopperPearson(k, n, level))).toBe('OUT_OF_RANGE');
  });
});

describe('poissonInterval', () => {
  it('ends where the count observed becomes a tail of the size asked for', () => {
    for (const k of [1, 4, 25, 100]) {
      const { low, high } = poissonInterval(k, 0.9);
      expect(poissonCdf(k, high)).toBeCloseTo(0.05, 10);
      expect(1 - poissonCdf(k - 1, low)).toBeCloseTo(0.05, 10);
    }
    expect(poissonInterval(0, 0.9)).toEqual({ level: 0.9, low: 0, high: expect.closeTo(-Math.log(0.05), 10) });
  });

  it('is what the binomial one comes to for many trials', () => {
    const { low, high } = poissonInterval(156);
    const binomial = clopperPearson(156, 1e9);
    expect(binomial.low * 1e9).toBeCloseTo(low, 4);
    expect(binomial.high * 1e9).toBeCloseTo(high, 4);
  });
});

describe('effectiveCount', () => {
  it('is the number of jets for equal weights, and less for others', () => {
    expect(effectiveCount([3, 3, 3, 3])).toBeCloseTo(4, 12);
    expect(effectiveCount([1, 1, 2, 0])).toBeCloseTo(16 / 6, 12);
    expect(codeOf(() => effectiveCount([0, 0]))).toBe('DEGENERATE_METRIC');
  });
});
