import { expect, it } from 'vitest';
import { rowsOf, sizeOf, takeRows } from './tensor.js';

const tensor = { shape: [3, 2, 1], data: Float32Array.of(0, 1, 10, 11, 20, 21) };

it('rows are a view, taken rows a copy in the order asked for', () => {
  const view = rowsOf(tensor, 1, 3);
  expect([view.shape, [...view.data], view.data.buffer]).toEqual([[2, 2, 1], [10, 11, 20, 21], tensor.data.buffer]);
  const taken = takeRows(tensor, [2, 0, 2]);
  expect([taken.shape, [...taken.data]]).toEqual([
    [3, 2, 1],
    [20, 21, 0, 1, 20, 21],
  ]);
  expect(taken.data.buffer).not.toBe(tensor.data.buffer);
});

it('a shape without lengths holds one number', () => {
  expect([sizeOf([]), sizeOf([3, 0, 2])]).toEqual([1, 0]);
});
