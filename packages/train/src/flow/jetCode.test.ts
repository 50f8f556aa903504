import { computeFormula, normalNoise, random, type Tensor } from '@jetsdk/jets';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FlowCode } from './flowCode.js';
import { fitJetCode, type JetExamples } from './jetCode.js';

const SIDE = 15;
const MIDDLE = 7 * SIDE + 7;

/** A hard pixel in the middle; most of a class has a second one below it, most of the other has none; a few soft ones about them. */
function jets(count: number, seed: number): JetExamples {
  const { normal, uniform, integer } = random(seed);
  const data = new Float32Array(count * SIDE * SIDE);
  const signal = Float32Array.from({ length: count }, (_, i) => i % 2);
  for (let jet = 0; jet < count; jet++) {
    const image = data.subarray(jet * SIDE * SIDE, (jet + 1) * SIDE * SIDE);
    image[MIDDLE] = 150 + 10 * normal();
    const column = 2 + integer(3);
    const second = uniform() < (signal[jet] === 1 ? 0.9 : 0.3);
    if (second) image[7 * SIDE + column] = 80 + 10 * normal();
    for (let k = 2 + integer(4); k >= 0; k--)
      image[(6 + integer(3)) * SIDE + (second && uniform() < 0.5 ? column : 7) - 1 + integer(3)] += 0.5 + uniform();
  }
  return { image: { shape: [count, SIDE, SIDE], data }, signal };
}

describe('the code of jet images', () => {
  const simulated = jets(3000, 1);
  let code: FlowCode<JetExamples>;

  beforeAll(async () => {
    code = await fitJetCode(simulated, { seed: 1 });
  }, 60_000);

  const decoded = (parts: readonly Tensor[], signal: Float32Array): Tensor =>
    computeFormula(code.decode, {
      part_0: parts[0],
      part_1: parts[1],
      signal: { shape: [signal.length, 1], data: signal },
    })['image'];

  it('gives images back from their states, pixel for pixel', async () => {
    const some = jets(300, 2);
    const { parts, features } = await code.encode(some, { seed: 3 });
    expect(Array.from(features.data.subarray(0, 4))).toEqual([-1, 1, -1, 1]);
    const { shape, data } = decoded(parts, some.signal);
    expect(shape).toEqual([300, SIDE, SIDE]);
    expect(Array.from(data, (pixel) => pixel > 0)).toEqual(Array.from(some.image.data, (pixel) => pixel > 0));
    const off = Array.from(some.image.data, (pixel, i) => Math.abs(data[i] - pixel) / (1 + pixel));
    off.sort((a, b) => a - b);
    expect(off[Math.floor(0.99 * off.length)]).toBeLessThan(0.02);
  });

  it('makes of noise jets of each class, with and without a second subjet as often, and their pT', () => {
    const width = 4 + code.parts[1];
    const noise = normalNoise(3000, width, { seed: 4 });
    const columns = (from: number, to: number): Tensor => ({
      shape: [3000, to - from],
      data: Float32Array.from(
        { length: 3000 * (to - from) },
        (_, i) => noise.data[Math.floor(i / (to - from)) * width + from + (i % (to - from))],
      ),
    });
    const { data } = decoded([columns(0, 4), columns(4, width)], simulated.signal);
    const size = SIDE * SIDE;
    const meanOf = (images: Float32Array, which: number, of: (image: Float32Array) => number): number => {
      let sum = 0;
      for (let jet = which; jet < 3000; jet += 2) sum += of(images.subarray(jet * size, (jet + 1) * size)) / 1500;
      return sum;
    };
    const total = (image: Float32Array): number => image.reduce((a, b) => a + b, 0);
    const lit = (image: Float32Array): number => image.filter((pixel) => pixel > 0).length;
    const second = (image: Float32Array): number => (Math.max(...image.subarray(7 * SIDE, 7 * SIDE + 5)) > 40 ? 1 : 0);
    for (const which of [0, 1]) {
      const [ours, theirs] = [data, simulated.image.data].map((images) =>
        [total, lit, second].map((of) => meanOf(images, which, of)),
      );
      expect(Math.abs(ours[0] / theirs[0] - 1)).toBeLessThan(0.01);
      expect(Math.abs(ours[1] - theirs[1])).toBeLessThan(0.4);
      expect(Math.abs(ours[2] - theirs[2])).toBeLessThan(0.04);
    }
  });

  it('refuses what are no jets of two classes', async () => {
    const refused = (given: JetExamples, code: string, signal?: AbortSignal) =>
      expect(fitJetCode(given, { seed: 1, signal })).rejects.toMatchObject({ code });
    await refused(simulated, 'CANCELLED', AbortSignal.abort());
    await refused({ ...simulated, signal: simulated.signal.map(() => 1) }, 'BAD_DATASET');
    await refused({ ...simulated, signal: simulated.signal.map((one) => 2 * one) }, 'OUT_OF_RANGE');
    await refused({ ...simulated, signal: simulated.signal.subarray(1) }, 'SHAPE_MISMATCH');
    const { shape, data } = simulated.image;
    const changed = (value: number, until: number): JetExamples => ({
      ...simulated,
      image: { shape, data: data.map((pixel, i) => (i < until ? value : pixel)) },
    });
    await refused(changed(-1, 1), 'OUT_OF_RANGE');
    await refused(changed(0, SIDE * SIDE), 'BAD_DATASET');
    const small = { image: { shape: [2, 3, 3], data: new Float32Array(18).fill(1) }, signal: Float32Array.of(0, 1) };
    await refused(small, 'SHAPE_MISMATCH');
    await expect(code.encode(small, { seed: 1 })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
  });
});
