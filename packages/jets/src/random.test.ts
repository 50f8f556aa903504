import { describe, expect, test } from 'vitest';
import { random, randomFromState } from './random.js';

describe('random', () => {
  test('gives the same stream for the same seed and goes on from its state', () => {
    const a = random(42);
    const b = random(42);
    const first = Array.from({ length: 100 }, () => a.uint32());
    expect(Array.from({ length: 100 }, () => b.uint32())).toEqual(first);
    const c = randomFromState(a.state());
    expect(Array.from({ length: 10 }, () => c.uniform())).toEqual(Array.from({ length: 10 }, () => a.uniform()));
  });

  test('is uniform, normal and unbiased within the error of 100,000 draws', () => {
    const r = random(7);
    const n = 100_000;
    let [u, z, zz] = [0, 0, 0];
    const dice = new Uint32Array(6);
    for (let i = 0; i < n; i++) {
      u += r.uniform();
      const x = r.normal();
      z += x;
      zz += x * x;
      dice[r.integer(6)]++;
    }
    expect(Math.abs(u / n - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(z / n)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(zz / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    for (const count of dice) expect(Math.abs(count - n / 6)).toBeLessThan(5 * Math.sqrt(n / 6));
  });

  test('shuffles into a permutation', () => {
    const values = random(1).shuffle(Uint32Array.from({ length: 1000 }, (_, i) => i));
    expect([...values].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(values[0]).not.toBe(0);
  });

  test('refuses a seed that is no 32-bit integer', () => {
    for (const seed of [-1, 0.5, 2 ** 32, Number.NaN]) expect(() => random(seed)).toThrow(/seed/);
  });
});
