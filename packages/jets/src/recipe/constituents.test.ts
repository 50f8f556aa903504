import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { azimuth, pseudorapidity, wrapAngle } from './constituents.js';

const momentum = fc.double({ min: -1e4, max: 1e4, noNaN: true });

describe('azimuth', () => {
  test('is atan2', () => {
    fc.assert(
      fc.property(momentum, momentum, (py, px) => {
        fc.pre(px !== 0 || py !== 0);
        expect(Math.abs(wrapAngle(azimuth(py, px) - Math.atan2(py, px)))).toBeLessThan(1e-15);
      }),
      {
        examples: [
          [0, -1],
          [-0, -1],
          [1, 0],
          [-1, 0],
          [1, -1],
          [5e-324, -1],
        ],
      },
    );
  });
});

describe('pseudorapidity', () => {
  test('is asinh(pz / pT) to 1e-15', () => {
    fc.assert(
      fc.property(momentum, fc.double({ min: 1e-3, max: 1e4, noNaN: true }), (pz, pt) => {
        const exact = Math.asinh(pz / pt);
        expect(Math.abs(pseudorapidity(pz, pt) - exact)).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(exact)));
      }),
    );
  });
});

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
