import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inputRange, joinRanges } from './inputRange.js';
import { rowsOf } from './tensor.js';

it('the range of images is that of their pixels, of their hottest pixels and of their sums, empty ones left out', () => {
  const data = Float32Array.of(0, 3, 1, 0, 0, 0, 0, 0, -1, 7, 2, 2);
  expect(inputRange({ shape: [3, 2, 2, 1], data })).toEqual({ least: -1, peak: [3, 7], sum: [4, 10] });
  expect(inputRange({ shape: [1, 2, 2, 1], data: data.subarray(4, 8) })).toBeUndefined();
  expect(inputRange({ shape: [0, 2, 2, 1], data: new Float32Array(0) })).toBeUndefined();
});

it('the range of constituents is that of their energies', () => {
  const data = Float32Array.of(5, 4, -3, 0, 0, 0, 0, 0, 2, 0, 0, -2, 1, 1, 0, 0);
  expect(inputRange({ shape: [2, 2, 4], data })).toEqual({ least: 0, peak: [2, 5], sum: [3, 5] });
});

it('the range of a whole is that of its parts, joined', () => {
  const images = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(images, fc.integer({ min: 0, max: 3 }), (pixels, at) => {
      const all = { shape: [3, 2, 2, 1], data: Float32Array.from(pixels) };
      const [first, rest] = [rowsOf(all, 0, at), rowsOf(all, at, 3)];
      expect(joinRanges(inputRange(first), inputRange(rest))).toEqual(inputRange(all));
    }),
  );
});
