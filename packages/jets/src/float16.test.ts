import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromHalf, toHalf } from './float16.js';

/** Every finite half, rising. */
const patterns = Uint16Array.from({ length: 0x7c00 }, (_, i) => i);
const values = fromHalf(patterns);

it('every half survives the way to float32 and back', () => {
  const all = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((p) => (p & 0x7c00) !== 0x7c00 || !(p & 1023));
  expect(toHalf(fromHalf(all))).toEqual(all);
  expect(Number.isNaN(fromHalf(toHalf(Float32Array.of(Number.NaN)))[0])).toBe(true);
});

it('halves have the values of IEEE 754', () => {
  const some = fromHalf(Uint16Array.of(0x0001, 0x03ff, 0x0400, 0x3c00, 0x3555, 0x7bff, 0x7c00, 0xc000));
  expect([...some]).toEqual([
    2 ** -24,
    1023 * 2 ** -24,
    2 ** -14,
    1,
    0.333251953125,
    65504,
    Number.POSITIVE_INFINITY,
    -2,
  ]);
});

it('a number goes to the nearest half, ties to the even pattern', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.float({ min: 0, max: 65504, noNaN: true }), fc.float({ min: 0, max: 2 ** -13, noNaN: true })),
      (value) => {
        const [got] = toHalf(Float32Array.of(value));
        // the slow twin looks at every half
        let best = 0;
        for (let i = 1; i < patterns.length; i++) {
          const closer = Math.abs(values[i] - value) - Math.abs(values[best] - value);
          if (closer < 0 || (closer === 0 && i % 2 === 0)) best = i;
        }
        expect(got).toBe(best);
        expect(toHalf(Float32Array.of(-value))[0]).toBe(0x8000 | best);
      },
    ),
    { numRuns: 100 },
  );
});

it('numbers beyond the largest half become infinity', () => {
  expect([...toHalf(Float32Array.of(65519, 65520, -1e9, Number.POSITIVE_INFINITY))]).toEqual([
    0x7bff, 0x7c00, 0xfc00, 0x7c00,
  ]);
});
