import { type Jets, jets, memorySource, random } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { recipesOf } from './buildRegressor.js';
import { regressors } from './networks/index.js';
import { exchangePileup, pileupOf } from './overlay.js';
import { readExamples } from './readExamples.js';

const [JETS, SLOTS] = [40, 30];

/** Massless particles in the window, tracks and neutrals of the leading vertex and of another. */
function cloud(): Jets {
  const { uniform, integer } = random(3);
  const four = Array.from({ length: JETS * SLOTS }, () => {
    const [pt, eta, phi] = [1 + 9 * uniform(), 0.8 * (uniform() - 0.5), 0.8 * (uniform() - 0.5)];
    return [pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)];
  });
  return {
    ...jets(Float32Array.from(four.flat()), SLOTS),
    charge: Int8Array.from({ length: JETS * SLOTS }, () => integer(2)),
    vertex: Int8Array.from({ length: JETS * SLOTS }, () => integer(2)),
  };
}

const examples = (overlay: number | undefined) =>
  readExamples(memorySource(cloud()), recipesOf(regressors['pumml-resnet']), overlay === undefined ? {} : { overlay });

const near = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(1e-4);
};

describe('the overlay', () => {
  it('has all pile-up of each jet, and a part of it', async () => {
    const { inputs, truth, pileup } = await examples(1);
    expect(Object.keys(pileup!)).toEqual(['neutral', 'pileup']);
    const half = JETS * 81;
    const neutral = pileup!['neutral']!.data;
    near(
      inputs['neutral']!.data,
      truth.data.map((pixel, i) => pixel + neutral[i]!),
    );
    expect(pileup!['pileup']!.data.subarray(0, JETS * 1296)).toEqual(inputs['pileup']!.data);
    const sums = Array.from({ length: JETS }, (_, jet) => {
      const sum = (first: number): number =>
        neutral.subarray(first + jet * 81, first + (jet + 1) * 81).reduce((a, b) => a + b, 0);
      return sum(half) / sum(0);
    });
    for (const share of sums) expect(share).toBeLessThanOrEqual(1);
    expect(Math.min(...sums)).toBeLessThan(0.2);
    expect(Math.max(...sums)).toBeGreaterThan(0.8);
    expect((await examples(1)).pileup).toEqual(pileup);
    expect((await examples(2)).pileup).not.toEqual(pileup);
    expect((await examples(undefined)).pileup).toBeUndefined();
  });

  it('puts jets under pile-up that belongs together, and leaves the truth as it is', async () => {
    const { inputs, truth, pileup } = await examples(1);
    const names = ['neutral', 'pileup', 'leading'];
    const batch = names.map((name) => inputs[name]!.data.slice());
    const rows = Uint32Array.from({ length: JETS }, (_, i) => i);
    await exchangePileup(names, pileup!)(batch, rows, { seed: 5 });
    expect(batch[2]).toEqual(inputs['leading']!.data);
    let exchanged = 0;
    for (let jet = 0; jet < JETS; jet++) {
      const tracks = batch[1]!.subarray(jet * 1296, (jet + 1) * 1296);
      const neutral = batch[0]!.subarray(jet * 81, (jet + 1) * 81);
      const rows = Array.from({ length: 2 * JETS }, (_, i) => i).filter(
        (i) =>
          tracks.every((pixel, k) => pixel === pileup!['pileup']!.data[i * 1296 + k]) &&
          neutral.every(
            (pixel, k) => Math.abs(pixel - truth.data[jet * 81 + k]! - pileup!['neutral']!.data[i * 81 + k]!) < 1e-4,
          ),
      );
      expect(rows).not.toEqual([]);
      if (!rows.includes(jet)) exchanged++;
    }
    expect(exchanged).toBeGreaterThan(JETS / 2);
  });

  it('asks for vertices, and for images that are sums', async () => {
    const { vertex: _, ...bare } = cloud();
    expect(() => pileupOf(bare)).toThrow(/without vertices/);
    const { inputs, truth } = recipesOf(regressors.pumml);
    const centred = new Map(inputs);
    const neutral = inputs.get('neutral')!;
    centred.set('neutral', { ...neutral, steps: [{ step: 'centre', on: 'centroid' } as never, ...neutral.steps] });
    await expect(readExamples(memorySource(cloud()), { inputs: centred, truth }, { overlay: 1 })).rejects.toMatchObject(
      { code: 'BAD_ARGUMENT' },
    );
  });
});
