import { expect, test } from 'vitest';
import { normalProbability, normalQuantile } from './normal.js';

test.each([
  [-5, 2.866515719235352e-7],
  [-1.96, 0.024997895148220435],
  [0, 0.5],
  [0.3, 0.6179114221889526],
  [3, 0.9986501019683699],
])('the probability below %d is that of SciPy, and its quantile gives it back', (x, p) => {
  expect(Math.abs(normalProbability(x) / p - 1)).toBeLessThan(2e-7);
  expect(normalQuantile(p)).toBeCloseTo(x, 9);
});
