import { expect, it } from 'vitest';
import { counted } from './counted.js';

it('counted says one in the singular and every other number in the plural', () => {
  expect([0, 1, 2].map((count) => counted(count, 'column'))).toEqual(['0 columns', '1 column', '2 columns']);
  expect([1, 3].map((count) => counted(count, 'class', 'classes'))).toEqual(['1 class', '3 classes']);
});
