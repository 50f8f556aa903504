import { random, type Tensor } from '@jetsdk/jets';
import { expect, test } from 'vitest';
import { compareShowers, observablesOfShowers, type ShowerSample } from './showers.js';

/** Showers whose cells are exponential, the first layer `first` times as large. */
function showers(count: number, seed: number, first = 1): ShowerSample {
  const { uniform } = random(seed);
  const energy = Float32Array.from({ length: count }, () => 1 + uniform());
  const layers = [
    [3, 96],
    [12, 12],
    [12, 6],
  ].map(
    ([x = 1, y = 1], layer): Tensor => ({
      shape: [count, x, y],
      data: Float32Array.from(
        { length: count * x * y },
        (_, i) => -energy[Math.floor(i / (x * y))]! * Math.log(1 - uniform()) * (layer === 0 ? first : 1),
      ),
    }),
  );
  return { layers, energy };
}

test('compareShowers finds equal samples equal, and says which observable is off', () => {
  const simulated = showers(400, 1);
  const same = compareShowers(simulated, showers(400, 2), { trees: 30 });
  expect(same.twoSample.auc).toBeLessThan(0.6);
  const off = compareShowers(simulated, showers(400, 2, 1.2), { trees: 30 });
  expect(off.twoSample.auc).toBeGreaterThan(0.95);
  const by = new Map(off.observables.map((one) => [one.name, one]));
  expect(by.get('fraction_0')!.separation).toBeGreaterThan(10 * by.get('fraction_0')!.separationOfChance);
  expect(by.get('widthX_1')!.separation).toBeLessThan(5 * by.get('widthX_1')!.separationOfChance);
  expect(by.get('energy_0')!.wasserstein).toBeGreaterThan(50);
  expect(off.response.every(({ meanPull = 0 }) => meanPull > 5)).toBe(true);
});

test('observablesOfShowers refuses layers that do not fit the energies', () => {
  const { layers, energy } = showers(4, 1);
  for (const wrong of [
    { layers: layers.slice(1), energy },
    { layers, energy: Array.from(energy).slice(1) },
  ])
    expect(() => observablesOfShowers(wrong)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
});
