import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { jetImages, jets } from './jets.js';
import { imageObservables, jetKinematics, meanSquaredRadius } from './observables.js';

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

describe('imageObservables', () => {
  test('takes each pixel for a massless particle at its centre', () => {
    const data = new Float32Array(16);
    data[0] = 3;
    data[15] = 1;
    const { mass, pt, total, hottest, multiplicity } = imageObservables(jetImages(data, [4, 4, 1]), 2);
    const four = (p: number, at: number): number[] => [
      p * Math.cosh(at),
      p * Math.cos(at),
      p * Math.sin(at),
      p * Math.sinh(at),
    ];
    const [e, px, py, pz] = four(3, -1.5).map((v, i) => v + four(1, 1.5)[i]);
    expect(mass[0]).toBeCloseTo(Math.sqrt(e ** 2 - px ** 2 - py ** 2 - pz ** 2), 10);
    expect(pt[0]).toBeCloseTo(Math.hypot(px, py), 10);
    expect([total[0], hottest[0], multiplicity[0]]).toEqual([4, 3, 2]);
  });

  const lagan = fileURLToPath(new URL('../../../../shared/data/generated/lagan/test.h5', import.meta.url));

  test.skipIf(!existsSync(lagan))(
    'has the known answers of simulated jets (skipped without ../shared/data)',
    async () => {
      const h5wasm = await import('h5wasm/node');
      await h5wasm.ready;
      const h5 = new h5wasm.File(lagan, 'r');
      const read = (name: string): ArrayLike<number> =>
        (h5.get(name) as InstanceType<typeof h5wasm.Dataset>).value as Float32Array;
      const [counts, signal, jetMass] = ['image', 'signal', 'jet_mass'].map(read);
      h5.close();
      const images = jetImages(
        Float32Array.from(counts, (count) => 0.01 * count),
        [25, 25, 1],
      );
      const found = imageObservables(images, 1.25);
      const known = [
        { label: 1, multiplicity: 19.76, total: 281.24, hottest: 132.3, ratio: 0.986 },
        { label: 0, multiplicity: 19.18, total: 273.76, hottest: 152.1, ratio: 0.998 },
      ];
      for (const { label, ...expected } of known) {
        const rows = Array.from(signal).flatMap((s, i) => (s === label ? [i] : []));
        const mean = (of: ArrayLike<number>): number => rows.reduce((sum, i) => sum + of[i], 0) / rows.length;
        expect(mean(found.multiplicity)).toBeCloseTo(expected.multiplicity, 2);
        expect(mean(found.total)).toBeCloseTo(expected.total, 1);
        expect(mean(found.hottest)).toBeCloseTo(expected.hottest, 1);
        const ratios = rows.map((i) => found.mass[i] / jetMass[i]).sort((a, b) => a - b);
        expect(ratios[rows.length / 2]).toBeCloseTo(expected.ratio, 3);
      }
    },
  );
});
