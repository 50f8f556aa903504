/** Files in the layouts of public datasets, and constituents in other coordinates: what NumPy makes of them is what is read. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Jets } from '../jets.js';
import type { OpenJetsOptions } from './files.js';
import { openJets } from './files.js';
import { fixture } from './fixtures.testing.js';
import { writeNpy } from './npy/index.js';

const EXPECTED = JSON.parse(readFileSync(fixture('public.jsonl'), 'utf8')) as Record<
  string,
  { readonly jets: number[][][]; readonly labels?: number[] }
>;
/** Of float32 that the files or the result hold. */
const ROUNDING = 3e-6;

async function expectJets(path: string, name: string, options: OpenJetsOptions = {}): Promise<void> {
  const source = await openJets(path, options);
  const { jets, labels } = EXPECTED[name]!;
  const { shape, data } = (await source.read(0, source.count)) as Jets;
  expect(source.count).toBe(jets.length);
  for (const [jet, vectors] of jets.entries()) {
    const found = data.subarray(jet * shape[1] * 4, (jet + 1) * shape[1] * 4);
    const wanted = vectors.flat();
    const scale = Math.max(...wanted);
    for (let i = 0; i < found.length; i++)
      expect(Math.abs(found[i]! - (wanted[i] ?? 0)) / scale).toBeLessThan(ROUNDING);
  }
  const read = await source.labels();
  expect(read && [...read]).toEqual(labels);
  source.close();
}

describe('a layout of a public dataset', () => {
  it.each(['lhco.h5', 'jetnet.h5', 'ftag.h5'])('%s is found by the names in the file', (name) =>
    expectJets(fixture(name), name),
  );

  it('EnergyFlow is read where it is asked for: X and y are anybody’s names', async () => {
    await expectJets(fixture('energyflow.npz'), 'energyflow.npz', { layout: 'EnergyFlow' });
    const source = await openJets(fixture('energyflow.npz'));
    await expect(source.read(0, 4)).rejects.toThrow(/E ≥ \|p\|.*--components/);
    source.close();
  });
});

describe('components of constituents', () => {
  it('are those that the file names in an attribute', () => expectJets(fixture('components.h5'), 'components.h5'));

  it('are those that are asked for, relative and in MeV too', async () => {
    const components = ['pt', 'etarel', 'phirel'];
    await expectJets(fixture('components-polar.h5'), 'components.h5', { components, unit: 'MeV' });
  });

  it.each([
    ['px,py,pz,E', (v: number[]) => [v[1]!, v[2]!, v[3]!, v[0]!]],
    ['pt,eta,phi,E', (v: number[]) => [...polar(v), v[0]!]],
    ['pT,eta,phi,m', (v: number[]) => [...polar(v), 0]],
    ['_,pz,py,px,E', (v: number[]) => [7, v[3]!, v[2]!, v[1]!, v[0]!]],
  ])('%s of an array make the same four-vectors', async (text, of) => {
    const { jets } = EXPECTED['components.h5']!;
    const names = text.split(',');
    const data = new Float32Array(jets.length * 5 * names.length);
    jets.forEach((vectors, jet) => {
      for (const [i, vector] of vectors.entries()) data.set(of(vector), (jet * 5 + i) * names.length);
    });
    const folder = await mkdtemp(join(tmpdir(), 'jetsdk-components-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'jets.npy');
    writeFileSync(path, writeNpy({ dtype: 'float32', data, shape: [jets.length, 5, names.length] }));
    const source = await openJets(path, { components: names });
    const read = (await source.read(0, jets.length)) as Jets;
    jets.forEach((vectors, jet) => {
      const scale = Math.max(...vectors.flat());
      vectors.flat().forEach((value, i) => {
        expect(Math.abs(read.data[jet * 20 + i]! - value) / scale).toBeLessThan(ROUNDING);
      });
    });
    source.close();
    if (names[0] === 'px')
      await openJets(path).then(async (guessed) => {
        await expect(guessed.read(0, 1)).rejects.toThrow(/E ≥ \|p\|.*--components px,py,pz,E/);
        guessed.close();
      });
  });

  it.each([
    ['pt,eta', /got pt,eta; expected E, px, py, pz, or pt, eta, phi/],
    ['px,py,pz,pt', /got px,py,pz,pt/],
    ['px,px,py,pz', /px twice/],
    ['px,py,pz,Energie', /no "Energie"; nearest is energy/],
    ['px,py,pz', /shape \(4, 5, 4\) and 3 components/],
  ])('%s are refused', async (text, message) => {
    await expect(openJets(fixture('components.h5'), { components: text.split(',') })).rejects.toThrow(message);
  });

  it('of a table, which has names, are refused', async () => {
    await expect(openJets(fixture('table-columns.h5'), { components: ['E', 'px', 'py', 'pz'] })).rejects.toThrow(
      /no jets/,
    );
  });
});

const polar = ([, px, py, pz]: number[]): number[] => {
  const pt = Math.hypot(px!, py!);
  return [pt, Math.asinh(pz! / pt), Math.atan2(py!, px!)];
};
