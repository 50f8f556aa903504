import { describe, expect, it } from 'vitest';
import { ACTIVATIONS } from './activations.js';

describe('gelu', () => {
  // erf of 0.5, 1, 2, 3, 4, 5 by the tables of Abramowitz and Stegun and of the Digital Library of Mathematical Functions
  it.each([
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [3, 0.9999779095030014],
    [4, 0.9999999845827421],
    [5, 0.9999999999984626],
    [5.79, 1],
  ])('is right where the error function of %d is %d', (x, erf) => {
    const at = x * Math.SQRT2;
    const data = Float64Array.of(at, -at);
    const [positive, negative] = ACTIVATIONS.gelu.forward({ shape: [2], data }).data;
    expect(Math.abs(positive - 0.5 * at * (1 + erf))).toBeLessThan(1e-14 * at);
    expect(Math.abs(negative + 0.5 * at * (1 - erf))).toBeLessThan(1e-14 * at);
  });
});
