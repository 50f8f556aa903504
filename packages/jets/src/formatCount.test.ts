import { expect, it } from 'vitest';
import { formatCount, formatCounted } from './formatCount.js';

it('formatCount puts commas between thousands, and rounds', () => {
  expect([0, 999, 1000, 3750, 404_000, 1_234_567.6, -1234].map(formatCount)).toEqual([
    '0',
    '999',
    '1,000',
    '3,750',
    '404,000',
    '1,234,568',
    '−1,234',
  ]);
});

it('formatCounted says one in the singular and every other number in the plural', () => {
  expect([1, 3750].map((count) => formatCounted(count, 'shower'))).toEqual(['1 shower', '3,750 showers']);
  expect([1, 2000].map((count) => formatCounted(count, 'entry', 'entries'))).toEqual(['1 entry', '2,000 entries']);
});
