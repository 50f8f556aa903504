import { describe, expect, it } from 'vitest';
import { halfBits, halfValue } from './float16.js';

describe('half precision', () => {
  it('gives back every half but the many NaNs', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = halfValue(bits);
      if (!Number.isNaN(value)) expect(halfBits(value)).toBe(bits);
    }
    expect(halfValue(halfBits(Number.NaN))).toBeNaN();
  });

  it('rounds to the nearest, ties to even', () => {
    expect(halfValue(halfBits(1 + 2 ** -11))).toBe(1);
    expect(halfValue(halfBits(1 + 3 * 2 ** -11))).toBe(1 + 2 ** -9);
    expect(halfValue(halfBits(1 + 2 ** -11 + 2 ** -20))).toBe(1 + 2 ** -10);
    expect(halfValue(halfBits(65519))).toBe(65504);
    expect(halfValue(halfBits(65520))).toBe(Number.POSITIVE_INFINITY);
    expect(halfValue(halfBits(2 ** -25))).toBe(0);
    expect(halfBits(-0)).toBe(0x8000);
  });
});
