/** Momenta in two bytes: flat arrays of float16 with offsets and labels. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Jets } from '../../jets.js';
import { describeFile, openJets } from '../files.js';
import { fixture } from '../fixtures.testing.js';

const EXPECTED = JSON.parse(readFileSync(fixture('halves.json'), 'utf8')) as number[][][];

it('halves of momenta give the four-vectors that NumPy gives, bit for bit, with their labels', async () => {
  const source = await openJets(fixture('halves.h5'));
  const { shape, data } = (await source.read(0, source.count)) as Jets;
  expect(shape).toEqual([3, 200, 4]);
  for (const [jet, vectors] of EXPECTED.entries()) {
    const found = [...data.subarray(jet * 800, (jet + 1) * 800)];
    expect(found).toEqual([...vectors.flat(), ...new Array<number>(800 - 4 * vectors.length).fill(0)]);
  }
  expect([...((await source.labels()) ?? [])]).toEqual([1, 0, 1]);
  expect(source.classes).toEqual(['QCD', 'top']);
  source.close();
});

it('momenta of the same names in another type are not taken for halves', async () => {
  const path = fixture('halves-other.h5');
  expect(await describeFile(path)).not.toHaveProperty('jets');
  const layout = { columns: { px: 'px', py: 'py', pz: 'pz' }, labelColumn: 'is_signal_new', background: 0, signal: 1 };
  const source = await openJets(path, { layout });
  const [energy] = ((await source.read(0, 1)) as Jets).data;
  expect(Math.abs(energy! / EXPECTED[0]![0]![0]! - 1)).toBeLessThan(1e-3);
  expect([...((await source.labels()) ?? [])]).toEqual([1, 0, 1]);
  source.close();
});
