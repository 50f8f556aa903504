import { describe, expect, test } from 'vitest';
import { jetImages, jets } from './jets.js';
import { jetKinematics, meanSquaredRadius } from './observables.js';

describe('jetKinematics', () => {
  test('sums constituents: two back-to-back photons of 10 GeV weigh 20 GeV', () => {
    const { pt, mass } = jetKinematics(jets(Float32Array.of(10, 10, 0, 0, 10, -10, 0, 0), 2));
    expect([pt[0], mass[0]]).toEqual([0, 20]);
  });

  test('a light-like jet has no mass and keeps its direction', () => {
    const e = 5 * Math.cosh(1.2);
    const four = Float32Array.of(e, 5 * Math.cos(2), 5 * Math.sin(2), 5 * Math.sinh(1.2));
    const { pt, eta, phi, mass } = jetKinematics(jets(four, 1));
    expect(pt[0]).toBeCloseTo(5, 5);
    expect(eta[0]).toBeCloseTo(1.2, 6);
    expect(phi[0]).toBeCloseTo(2, 6);
    expect(mass[0]).toBeLessThan(1e-2);
  });

  test('an empty jet is all zero', () => {
    expect(jetKinematics(jets(new Float32Array(8), 2))).toEqual({
      pt: Float64Array.of(0),
      eta: Float64Array.of(0),
      phi: Float64Array.of(0),
      mass: Float64Array.of(0),
    });
  });
});

describe('meanSquaredRadius', () => {
  test('is the squared distance of the one filled pixel, whatever its value', () => {
    const data = new Float32Array(2 * 16);
    data[0] = 3;
    data[16 + 5] = 9;
    const r2 = meanSquaredRadius(jetImages(data, [4, 4, 1]), 2);
    expect([...r2]).toEqual([1.5 ** 2 + 1.5 ** 2, 0.5 ** 2 + 0.5 ** 2]);
  });

  test('is 0 for an empty image', () => {
    expect([...meanSquaredRadius(jetImages(new Float32Array(4), [2, 2, 1]), 1)]).toEqual([0]);
  });
});
