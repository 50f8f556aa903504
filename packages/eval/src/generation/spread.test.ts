import { expect, it } from 'vitest';
import { spreadOf } from './spread.js';

it('spreadOf is the root of the summed variances of all columns', () => {
  // columns 0, 2 and 1, 7: variances 1 and 9
  expect(spreadOf({ shape: [2, 2], data: Float64Array.of(0, 1, 2, 7) })).toBe(Math.sqrt(10));
});

it('spreadOf is 0 where all rows are alike, however large', () => {
  expect(spreadOf({ shape: [3, 1], data: Float64Array.of(1e8 + 0.1, 1e8 + 0.1, 1e8 + 0.1) })).toBeLessThan(1e-7);
});

it('spreadOf refuses a sample without rows', () => {
  expect(() => spreadOf({ shape: [0, 2], data: new Float64Array() })).toThrow(
    'a sample of 0 rows; expected at least 1',
  );
});
