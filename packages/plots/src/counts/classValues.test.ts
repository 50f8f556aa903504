import { expect, test } from 'vitest';
import { classValues } from './classValues.js';

test('classValues parts the values by label, in their order, and leaves out labels that are no class', () => {
  expect(classValues([1, 0, 2, 0, 1], [5, 4, 3, 2, 1], ['QCD', 'top'])).toEqual([
    { name: 'QCD', values: Float64Array.of(4, 2) },
    { name: 'top', values: Float64Array.of(5, 1) },
  ]);
});

test('classValues wants as many values as labels', () => {
  expect(() => classValues([0, 1], [1], ['a', 'b'])).toThrowError(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
});
