import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { totalOf } from './binned.js';
import { type Tally, tally } from './tally.js';

function filled(classes: readonly (readonly number[])[], options = {}): Tally {
  const made = tally(
    classes.map((_, i) => `class ${i}`),
    options,
  );
  classes.forEach((values, label) => {
    for (const value of values) made.add(label, value);
  });
  return made;
}

const mantissa = (width: number): number => Number(width.toExponential(6).split('e')[0]);

/** Values over many orders of magnitude, as no fixed range would hold. */
const scaled = fc
  .tuple(
    fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 80 }),
    fc.integer({ min: -8, max: 8 }),
  )
  .map(([values, power]) => values.map((value) => value * 10 ** power));

describe('tally', () => {
  it('gives all classes the same bins of a round width, and loses no value', () => {
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const { range, classes } = filled([a, b]).binned(30);
        const bins = classes[0].counts.length;
        expect([1, 2, 5, 10]).toContainEqual(expect.closeTo(mantissa((range[1] - range[0]) / bins), 4));
        expect(classes.map(({ counts }) => counts.length)).toEqual([bins, bins]);
        expect(classes.map(totalOf)).toEqual([a.length, b.length]);
      }),
    );
  });

  it('counts in each bin what lies in it, as one who knows all values would', () => {
    fc.assert(
      fc.property(scaled, (values) => {
        const {
          range: [low, high],
          classes: [only],
        } = filled([values]).binned(40);
        const counts = Array.from(only!.counts);
        const width = (high - low) / counts.length;
        const edge = 1e-6 * width;
        counts.forEach((count, i) => {
          const from = low + i * width;
          const inside = (slack: number): number =>
            values.filter((value) => value >= from - slack && value < from + width + slack).length;
          expect(count).toBeLessThanOrEqual(inside(edge));
          expect(count).toBeGreaterThanOrEqual(inside(-edge));
        });
      }),
    );
  });

  it('leaves at most one in 200 of a class on either side', () => {
    const heavy = Array.from({ length: 5000 }, (_, i) => Math.tan(Math.PI * ((i + 0.5) / 5000 - 0.5)));
    const narrow = Array.from({ length: 300 }, (_, i) => i / 300);
    for (const { counts, below, above } of filled([heavy, narrow]).binned().classes) {
      const total = totalOf({ name: '', counts, below, above });
      expect(Math.max(below, above) / total).toBeLessThanOrEqual(1 / 200);
    }
  });

  it('keeps its resolution where values come in any order over ten orders of magnitude', () => {
    const values = [1e-5, 1e5, ...Array.from({ length: 20_000 }, (_, i) => 100 + (i % 977) / 977)];
    const { range, classes } = filled([values]).binned(50);
    expect(range[0]).toBeGreaterThanOrEqual(99.9);
    expect(range[1]).toBeLessThanOrEqual(101.1);
    expect(classes[0]).toMatchObject({ below: 1, above: 1 });
  });

  it('begins at 0 where the values come near', () => {
    expect(filled([[1, 5, 9, 12]]).binned().range[0]).toBe(0);
    expect(filled([[550, 600, 650]]).binned().range[0]).toBeGreaterThan(500);
  });

  it('takes numbers as small and as large as there are', () => {
    for (const values of [
      [5e-324, 0],
      [1e300, -1e299, 1e-300],
    ]) {
      const { range, classes } = filled([values]).binned();
      expect(range.every(Number.isFinite)).toBe(true);
      expect(totalOf(classes[0])).toBe(values.length);
    }
  });

  it('gives whole numbers bins no narrower than 1', () => {
    const { range, classes } = filled([[3, 4, 4, 5]], { whole: true }).binned();
    expect(range).toEqual([3, 6]);
    expect(Array.from(classes[0].counts)).toEqual([1, 2, 1]);
  });

  it('gives equal values a range around them', () => {
    for (const value of [0, 7, -3e-4]) {
      const { range, classes } = filled([[value, value]]).binned();
      expect(range[0]).toBeLessThanOrEqual(value);
      expect(range[1]).toBeGreaterThan(value);
      expect(totalOf(classes[0])).toBe(2);
    }
  });

  it('keeps a class without values, and counts the others', () => {
    const made = filled([[1, 2], []]);
    expect(made.counts).toEqual([2, 0]);
    expect(made.binned().classes.map(totalOf)).toEqual([2, 0]);
  });

  it.each([
    ['NOT_FINITE', 0, Number.NaN],
    ['NOT_FINITE', 0, Number.NEGATIVE_INFINITY],
    ['OUT_OF_RANGE', 2, 1],
  ])('throws %s for class %d and %d', (code, label, value) => {
    expect(() => filled([[1], [2]]).add(label, value)).toThrowError(expect.objectContaining({ code }));
  });

  it('throws BAD_ARGUMENT without values', () => {
    expect(() => filled([[], []]).binned()).toThrowError(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
  });
});
