import { computeFormula, normalNoise, random, type Tensor } from '@jetsdk/jets';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FlowCode } from './flowCode.js';
import { fitShowerCode } from './showerCode.js';
import type { Showers } from './showerGeometry.js';

const SHAPES = [
  [2, 6],
  [2, 2],
  [2, 2],
] as const;
const CELLS = SHAPES.map(([x, y]) => x * y);

/** Showers whose outer strips are lit in clumps, with 0.2 MeV or more each; what is left goes to the middle. */
function showers(count: number, seed: number): Showers {
  const { normal, uniform } = random(seed);
  const layers = CELLS.map((cells) => new Float32Array(count * cells));
  const energy = Float32Array.from({ length: count }, () => 100 ** uniform());
  for (let row = 0; row < count; row++) {
    const mev = 1000 * energy[row];
    const [strips, blocks, rest] = CELLS.map((cells, k) => layers[k].subarray(row * cells, (row + 1) * cells));
    const clump = normal();
    strips.forEach((_, cell) => {
      const outer = cell % 6 < 2 || cell % 6 > 3;
      const shared = 0.8 * clump + 0.6 * normal();
      const over = shared - 0.3 + 0.2 * Math.log(energy[row]);
      if (outer) strips[cell] = over > 0 ? 0.2 * Math.exp(0.5 * over) : 0;
      else strips[cell] = 0.05 * mev * Math.exp(0.1 * normal());
    });
    rest.forEach((_, cell) => {
      rest[cell] = uniform() < 0.3 ? 0.3 * Math.exp(0.5 * normal()) : 0;
    });
    const sum = (cells: Float32Array): number => cells.reduce((a, b) => a + b, 0);
    const left = mev * (0.996 + 0.001 * normal()) - sum(strips) - sum(rest);
    const shares = [0, 1, 2, 3].map(() => Math.exp(0.2 * normal()));
    blocks.forEach((_, cell) => {
      blocks[cell] = (left * shares[cell]) / shares.reduce((a, b) => a + b);
    });
  }
  return { layers: SHAPES.map(([x, y], k) => ({ shape: [count, x, y], data: layers[k] })), energy };
}

describe('the code of showers', () => {
  const simulated = showers(2000, 1);
  const told: { done: number; total: number }[] = [];
  let code: FlowCode<Showers>;
  let made: Record<string, Tensor>;

  beforeAll(async () => {
    code = await fitShowerCode(simulated, { seed: 1, onProgress: (progress) => told.push(progress) });
    const noise = normalNoise(2000, 23, { seed: 2 });
    const columns = (from: number, to: number): Tensor => ({
      shape: [2000, to - from],
      data: Float32Array.from(
        { length: 2000 * (to - from) },
        (_, i) => noise.data[Math.floor(i / (to - from)) * 23 + from + (i % (to - from))],
      ),
    });
    made = computeFormula(code.decode, {
      part_0: columns(0, 3),
      part_1: columns(3, 23),
      energy: { shape: [2000, 1], data: simulated.energy },
    });
  }, 60_000);

  const lit = (data: ArrayLike<number>, cell: number, cells: number): boolean[] =>
    Array.from({ length: 2000 }, (_, row) => data[row * cells + cell] > 0);
  const share = (flags: readonly boolean[]): number => flags.filter(Boolean).length / flags.length;

  it('gives showers back from their states, dark cells dark', async () => {
    const some = showers(200, 5);
    const { parts, features } = await code.encode(some, { seed: 3 });
    expect(features.shape).toEqual([800, 2]);
    const back = computeFormula(code.decode, {
      part_0: { shape: [200, 3], data: parts[0].data.slice(0, 600) },
      part_1: { shape: [200, 20], data: parts[1].data.slice(0, 4000) },
      energy: { shape: [200, 1], data: some.energy },
    });
    some.layers.forEach(({ data }, layer) => {
      const got = back[`layer_${layer}`].data;
      expect(Array.from(got, (cell) => cell > 0)).toEqual(Array.from(data, (cell) => cell > 0));
      const off = Array.from(data, (cell, i) => Math.abs(got[i] - cell) / (1 + cell)).sort((a, b) => a - b);
      expect(off[Math.floor(0.98 * off.length)]).toBeLessThan(0.01);
    });
  });

  it('makes of noise showers whose cells are lit as often, and never by less than they can be', () => {
    SHAPES.forEach((_, layer) => {
      const [theirs, ours] = [simulated.layers[layer].data, made[`layer_${layer}`].data];
      for (let cell = 0; cell < CELLS[layer]; cell++)
        expect(Math.abs(share(lit(ours, cell, CELLS[layer])) - share(lit(theirs, cell, CELLS[layer])))).toBeLessThan(
          0.05,
        );
    });
    const outer = Array.from(made['layer_0'].data).filter((cell, i) => cell > 0 && (i % 6 < 2 || i % 6 > 3));
    expect(outer.filter((cell) => cell < 0.15).length / outer.length).toBeLessThan(0.02);
  });

  it('makes of noise cells that are lit together as simulated ones are', () => {
    const together = (data: ArrayLike<number>): number => {
      const [a, b] = [lit(data, 0, 12), lit(data, 5, 12)];
      return share(a.map((one, i) => one && b[i])) - share(a) * share(b);
    };
    const [theirs, ours] = [simulated.layers[0].data, made['layer_0'].data].map(together);
    expect(theirs).toBeGreaterThan(0.08);
    expect(Math.abs(ours - theirs)).toBeLessThan(0.02);
  });

  it('makes of noise showers with the energy that is seen of their particles', () => {
    for (let row = 0; row < 2000; row++) {
      let sum = 0;
      CELLS.forEach((cells, layer) => {
        for (let cell = 0; cell < cells; cell++) sum += made[`layer_${layer}`].data[row * cells + cell];
      });
      expect(Math.abs(sum / (1000 * simulated.energy[row]) - 0.996)).toBeLessThan(0.02);
    }
  });

  it('says how far it is, stops when told, and refuses what are no showers', async () => {
    expect(told[0]).toEqual({ done: 0, total: 30 });
    expect(told[told.length - 1]).toEqual({ done: 30, total: 30 });
    const refused = (given: Showers, code: string, signal?: AbortSignal) =>
      expect(fitShowerCode(given, { seed: 1, signal })).rejects.toMatchObject({ code });
    await refused(simulated, 'CANCELLED', AbortSignal.abort());
    await refused(showers(100, 1), 'BAD_DATASET');
    await refused({ ...simulated, layers: simulated.layers.slice(1) }, 'SHAPE_MISMATCH');
    const [first, ...others] = simulated.layers;
    const negative = { ...first, data: Float32Array.from(first.data, (cell, i) => (i === 7 ? -1 : cell)) };
    await refused({ ...simulated, layers: [negative, ...others] }, 'OUT_OF_RANGE');
    await refused({ ...simulated, energy: simulated.energy.map((e, i) => (i === 3 ? 0 : e)) }, 'OUT_OF_RANGE');
    const empty = simulated.layers.map((layer, k) => ({
      ...layer,
      data: Float32Array.from(layer.data, (cell, i) => (i < CELLS[k] ? 0 : cell)),
    }));
    await refused({ ...simulated, layers: empty }, 'BAD_DATASET');
  });
});
