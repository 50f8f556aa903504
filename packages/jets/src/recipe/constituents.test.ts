import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wrapAngle } from './constituents.js';

describe('wrapAngle', () => {
  test('lands in [−π, π] and moves by whole turns', () => {
    fc.assert(
      fc.property(fc.double({ min: -100, max: 100, noNaN: true }), (angle) => {
        const wrapped = wrapAngle(angle);
        expect(Math.abs(wrapped)).toBeLessThanOrEqual(Math.PI + 1e-12);
        expect(Math.cos(wrapped - angle)).toBeCloseTo(1, 12);
      }),
    );
  });
});
