import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isJetError } from './errors.js';
import { CALOGAN_CELLS, type ShowerLayer, showerObservables } from './showers.js';

const codeOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return isJetError(error) ? error.code : error;
  }
  return 'nothing thrown';
};

describe('showerObservables', () => {
  it('measures energies, depth, widths, sparsity and the ratio of the hottest cells', () => {
    const layers: ShowerLayer[] = [
      { shape: [2, 1, 3], data: [3, 0, 1, 0, 0, 0], cell: [10, 2] },
      { shape: [2, 2, 1], data: [4, 0, 0, 0], cell: [10, 2] },
    ];
    const { layers: found, total, depth, depthWidth, deepest } = showerObservables(layers);
    expect([...total]).toEqual([8, 0]);
    expect([...depth]).toEqual([0.5, 0]);
    expect([...depthWidth]).toEqual([0.5, 0]);
    expect([...deepest]).toEqual([1, 0]);
    expect([...found[0].fraction]).toEqual([0.5, 0]);
    // 3 at −2 mm and 1 at 2 mm: mean −1, ⟨y²⟩ 4
    expect(found[0].widthY[0]).toBeCloseTo(Math.sqrt(3), 12);
    expect(found[0].widthX[0]).toBe(0);
    expect(found[0].sparsity[0]).toBeCloseTo(2 / 3, 12);
    expect([...found[0].energyRatio]).toEqual([0.5, 0]);
    expect(found[1].energyRatio[0]).toBe(1);
  });

  it('names what is wrong', () => {
    const good: ShowerLayer = { shape: [1, 1, 2], data: [1, 2], cell: [1, 1] };
    expect(codeOf(() => showerObservables([]))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => showerObservables([good, { ...good, shape: [2, 1, 1] }]))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => showerObservables([{ ...good, data: [1] }]))).toBe('SHAPE_MISMATCH');
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(codeOf(() => showerObservables([{ ...good, data: [1, bad] }]))).toBe('OUT_OF_RANGE');
  });
});

const file = (name: string): string =>
  fileURLToPath(new URL(`../../../../shared/data/generated/calogan/${name}.h5`, import.meta.url));

describe.skipIf(!existsSync(file('eplus')))('simulated showers (skipped without ../shared/data)', () => {
  /** Means in the order of the table: energies in GeV, widths in mm. */
  const KNOWN = {
    eplus: [
      ['E0', 8.216],
      ['E1', 42.02],
      ['E2', 0.09435],
      ['frac0', 0.1997],
      ['frac1', 0.7987],
      ['frac2', 0.001619],
      ['depth', 0.8019],
      ['depth_width', 0.3858],
      ['latwidth0', 14.96],
      ['latwidth1', 29.22],
      ['latwidth2', 60.63],
      ['ywidth0', 15.78],
      ['ywidth1', 29.22],
      ['ywidth2', 64.07],
      ['sparsity0', 0.4089],
      ['sparsity1', 0.7675],
      ['sparsity2', 0.2784],
      ['eratio0', 0.06999],
      ['eratio1', 0.0378],
      ['eratio2', 0.2245],
    ],
    piplus: [
      ['E0', 0.6958],
      ['E1', 11.28],
      ['E2', 1.34],
      ['frac1', 0.7597],
      ['depth', 1.04],
      ['depth_width', 0.4105],
      ['latwidth0', 27.77],
      ['ywidth2', 43.03],
      ['sparsity2', 0.397],
      ['eratio2', 0.4406],
    ],
  } as const;

  it.each(['eplus', 'piplus'] as const)('%s has its known means', async (name) => {
    const h5wasm = await import('h5wasm/node');
    await h5wasm.ready;
    const h5 = new h5wasm.File(file(name), 'r');
    const layers = CALOGAN_CELLS.map((cell, i): ShowerLayer => {
      const layer = h5.get(`layer_${i}`) as InstanceType<typeof h5wasm.Dataset>;
      const [showers = 0, x = 0, y = 0] = layer.shape ?? [];
      return { shape: [showers, x, y], data: layer.value as Float32Array, cell };
    });
    h5.close();
    const { depth, depthWidth, layers: found } = showerObservables(layers);
    const mean = (values: Float64Array, scale = 1): number =>
      values.reduce((sum, v) => sum + v, 0) / values.length / scale;
    const means: Record<string, number> = { depth: mean(depth), depth_width: mean(depthWidth) };
    found.forEach((layer, i) => {
      means[`E${i}`] = mean(layer.energy, 1000);
      means[`frac${i}`] = mean(layer.fraction);
      means[`latwidth${i}`] = mean(layer.widthX);
      means[`ywidth${i}`] = mean(layer.widthY);
      means[`sparsity${i}`] = mean(layer.sparsity);
      means[`eratio${i}`] = mean(layer.energyRatio);
    });
    for (const [key, value] of KNOWN[name])
      expect([key, means[key].toPrecision(4)]).toEqual([key, value.toPrecision(4)]);
  });
});
