import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wrapAngle } from './constituents.js';
import { azimuth, cosine, hyperbolicSine, logarithm, pseudorapidity, sine } from './elementary.js';

const momentum = fc.double({ min: -1e4, max: 1e4, noNaN: true });

/** Difference, relative to numbers above 1. */
const apart = (a: number, b: number): number => Math.abs(a - b) / Math.max(1, Math.abs(b));

describe('azimuth', () => {
  test('is atan2 to 1e-15, to 1e-12 where both are below 1e-307', () => {
    fc.assert(
      fc.property(momentum, momentum, (py, px) => {
        fc.pre(px !== 0 || py !== 0);
        const tolerance = Math.max(Math.abs(px), Math.abs(py)) < 1e-307 ? 1e-12 : 1e-15;
        expect(Math.abs(wrapAngle(azimuth(py, px) - Math.atan2(py, px)))).toBeLessThan(tolerance);
      }),
      {
        examples: [
          [0, -1],
          [-0, -1],
          [1, 0],
          [-1, 0],
          [1, -1],
          [5e-324, -1],
          [1e-323, 2e-323],
          [8e307, -8e307],
        ],
      },
    );
  });

  test('is NaN for no direction', () => {
    expect(azimuth(0, 0)).toBeNaN();
  });
});

describe('pseudorapidity', () => {
  test('is asinh(pz / pT) to 1e-15', () => {
    fc.assert(
      fc.property(momentum, fc.double({ min: 1e-3, max: 1e4, noNaN: true }), (pz, pt) => {
        expect(apart(pseudorapidity(pz, pt), Math.asinh(pz / pt))).toBeLessThanOrEqual(1e-15);
      }),
    );
  });

  test('is infinite where the slope is', () => {
    expect([pseudorapidity(-1e300, 1e-300), pseudorapidity(1, 0)]).toEqual([-Infinity, Infinity]);
  });
});

describe('logarithm, sines and cosine', () => {
  test('are those of Math to 1e-15, absolute or relative', () => {
    const normal = fc.double({ min: 2.3e-308, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(normal, fc.double({ min: -1e3, max: 1e3, noNaN: true }), (positive, angle) => {
        expect(apart(logarithm(positive), Math.log(positive))).toBeLessThan(1e-15);
        expect(apart(sine(angle), Math.sin(angle))).toBeLessThan(1e-15);
        expect(apart(cosine(angle), Math.cos(angle))).toBeLessThan(1e-15);
        expect(apart(hyperbolicSine(angle / 2), Math.sinh(angle / 2))).toBeLessThan(1e-15);
      }),
    );
  });

  test('NaN stays NaN, what is too large is infinite', () => {
    expect([logarithm(Number.NaN), sine(Number.NaN), cosine(Infinity), hyperbolicSine(Number.NaN)]).toEqual(
      Array(4).fill(Number.NaN),
    );
    expect([logarithm(Infinity), hyperbolicSine(700), hyperbolicSine(-1e300)]).toEqual([Infinity, Infinity, -Infinity]);
  });
});
