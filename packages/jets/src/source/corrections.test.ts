import { describe, expect, it } from 'vitest';
import { isJetError } from '../errors.js';
import { type Jets, jetImages, jets } from '../jets.js';
import { random } from '../random.js';
import { correctedJets } from '../recipe/correctedJets.js';
import { makeImages } from '../recipe/imager.js';
import { namedRecipe } from '../recipe/named.js';
import { correctedColumns, readCorrections } from './corrections.js';
import { memorySource } from './memory.js';

const COUNT = 11;
const SLOTS = 7;
const recipe = namedRecipe('pumml');
const truth = namedRecipe('pumml-truth');
const halfWidth = 0.45;

/** Massless constituents about the axis of their jet, of all charges and vertices. */
function pileUpJets(): Jets {
  const { uniform } = random(5);
  const data = new Float32Array(COUNT * SLOTS * 4);
  for (let at = 0; at < data.length; at += 4) {
    const [pt, eta, phi] = [1 + 20 * uniform(), 0.8 * (uniform() - 0.5), 0.8 * (uniform() - 0.5)];
    data.set([pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)], at);
  }
  const pick = <T>(...all: readonly T[]): T => all[Math.floor(uniform() * all.length)] as T;
  const beside = (...all: readonly number[]): Int8Array =>
    Int8Array.from({ length: COUNT * SLOTS }, () => pick(...all));
  return { ...jets(data, SLOTS), charge: beside(-1, 0, 1), vertex: beside(0, 0, 1, 2) };
}

const cloud = pileUpJets();
const source = memorySource(cloud, { name: 'cloud' });
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (isJetError(error) ? error.code : error),
  );

describe('readCorrections', () => {
  const made = makeImages(truth, cloud);
  const noise = random(6);
  const given = jetImages(
    Float32Array.from({ length: COUNT * 81 }, () => 9 * noise.uniform()),
    [9, 9, 1],
  );

  it('gives every way its images, pT and mass, whatever the size of the blocks', async () => {
    const halved = async (some: Jets) => {
      const { shape, data } = makeImages(truth, some);
      return { shape, data: data.map((pixel) => pixel / 2) };
    };
    const half = { ...made, data: made.data.map((pixel) => pixel / 2) };
    for (const block of [3, COUNT, 4096]) {
      const done: number[] = [];
      const all = await readCorrections(source, [truth, memorySource(given), halved], {
        recipe,
        halfWidth,
        block,
        onProgress: (progress) => done.push(progress.done),
      });
      expect(all).toEqual(
        [made, given, half].map((images) => ({ images, ...correctedJets(images, cloud, { recipe, halfWidth }) })),
      );
      expect(done.at(-1)).toBe(COUNT);
      expect(done.length).toBe(Math.ceil(COUNT / block));
    }
  });

  it('refuses images of other jets, of another size, and what is no image or no jet', async () => {
    const read = (from: Parameters<typeof readCorrections>[0], ...ways: Parameters<typeof readCorrections>[1]) =>
      codeOf(readCorrections(from, ways, { recipe, halfWidth }));
    expect(await read(source, memorySource(jetImages(new Float32Array(2 * 81), [9, 9, 1])))).toBe('SHAPE_MISMATCH');
    expect(await read(source, truth, memorySource(jetImages(new Float32Array(COUNT * 16), [4, 4, 1])))).toBe(
      'SHAPE_MISMATCH',
    );
    expect(await read(source, source)).toBe('BAD_DATASET');
    expect(await read(memorySource(given), truth)).toBe('BAD_DATASET');
    const { charge: _, ...bare } = cloud;
    expect(await read(memorySource(bare), memorySource(given))).toBe('BAD_DATASET');
    await expect(readCorrections(memorySource(bare), [truth], { recipe, halfWidth })).rejects.toThrow(
      'constituents without charge and vertex',
    );
  });
});

describe('correctedColumns', () => {
  const columns = { puppi_pt: new Float64Array(COUNT).fill(3), puppi_mass: new Float64Array(COUNT).fill(2) };

  it('reads pT and mass by the beginning of their names, and says which column is missing', async () => {
    const { puppi_pt: pt, puppi_mass: mass } = columns;
    expect(await correctedColumns(memorySource(cloud, { columns }), 'puppi')).toEqual({ pt, mass });
    await expect(correctedColumns(memorySource(cloud, { columns }), 'sk')).rejects.toThrow('sk_pt');
  });
});
