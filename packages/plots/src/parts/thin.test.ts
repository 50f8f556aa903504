import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thin } from './thin.js';

/** Height of the polyline through the kept points at `at`, for strictly rising x. */
function height(kept: readonly number[], x: ArrayLike<number>, y: ArrayLike<number>, at: number): number {
  const right = kept.findIndex((i) => x[i] >= at);
  if (right === 0) return y[kept[0]];
  const [a, b] = [kept[right - 1], kept[right]];
  return y[a] + ((at - x[a]) / (x[b] - x[a])) * (y[b] - y[a]);
}

describe('thin', () => {
  it('keeps both ends and rises', () => {
    const x = Float64Array.from({ length: 5000 }, (_, i) => i / 4999);
    const kept = thin(x, x.map(Math.sin));
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(4999);
    expect(kept.every((value, i) => i === 0 || value > kept[i - 1])).toBe(true);
  });

  it('a straight line of a million points becomes its ends', () => {
    const x = Float64Array.from({ length: 1_000_000 }, (_, i) => i / 999_999);
    expect(thin(x, x)).toEqual([0, 999_999]);
  });

  it('short curves lose nothing that is off the line', () => {
    expect(thin([0, 0.5, 1], [0, 1, 0])).toEqual([0, 1, 2]);
    expect(thin([0.3], [0.2])).toEqual([0]);
    expect(thin([], [])).toEqual([]);
  });

  it('a smooth curve stays within a cell of itself', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 5, noNaN: true }), fc.integer({ min: 3, max: 4000 }), (power, n) => {
        const x = Float64Array.from({ length: n }, (_, i) => i / (n - 1));
        const y = x.map((value) => value ** power);
        const kept = thin(x, y);
        for (let i = 1; i < n; i += 7) {
          // off by at most half a cell at a right angle to the line, and a cell along it from the columns
          const slope = Math.abs(y[i] - y[i - 1]) * (n - 1);
          expect(Math.abs(height(kept, x, y, x[i]) - y[i])).toBeLessThan((1.5 * (1 + slope)) / 800);
        }
      }),
      { numRuns: 40 },
    );
  });
});
