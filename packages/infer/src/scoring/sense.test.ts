import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// the built package: worker threads run built files
import { loadTagger, type Scorable } from '@jetsdk/infer';
import { type Jets, memorySource, type Recipe } from '@jetsdk/jets';
import { openJets, writeJets } from '@jetsdk/jets/files';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { someJets } from '../server/server.testing.js';
import { fixture, fixtureCard, fixtureImages, withCard } from '../testing/fixtures.testing.js';

const recipe: Recipe = {
  format: 'jetsdk-recipe/1',
  name: 'fixture-12',
  steps: [
    { step: 'centre', on: 'centroid' },
    { step: 'pixelate', pixels: 12, halfWidth: 1, channels: ['pt'] },
  ],
};

async function warnings(...all: readonly Scorable[]): Promise<string[]> {
  await using tagger = await loadTagger(withCard(fixture('scoreNhwc'), fixtureCard({ recipe })), {
    device: 'cpu',
    threads: 2,
  });
  const told: string[] = [];
  for (const x of all) await tagger.score(x, { onWarning: (warning) => told.push(warning) });
  return told;
}

const scaled = (jets: Jets, factor: number): Jets => ({ ...jets, data: jets.data.map((value) => value * factor) });
const gev = (jets: number) => {
  const images = fixtureImages(jets);
  return { ...images, data: images.data.map((value) => value * 100) };
};

describe('what is odd about jets is told once per call', () => {
  it('nothing about jets and images in GeV', async () => {
    expect(await warnings(someJets(5), memorySource(someJets(3000)), gev(5), gev(3000))).toEqual([]);
  });

  it.each([40, 3000])('energies in MeV, of %i jets', async (count) => {
    const told = await warnings(scaled(someJets(count), 1000), memorySource(scaled(someJets(count), 1000)));
    expect(told).toHaveLength(2);
    for (const warning of told) expect(warning).toMatch(/energies up to \d+.*; expected GeV, at most 7000; .*MeV/);
  });

  it.each([40, 3000])('empty jets among %i', async (count) => {
    const all = someJets(count);
    all.data.fill(0, 7 * 28, 9 * 28);
    expect(await warnings(all)).toEqual([expect.stringContaining(`score: 2 of ${count} jets are empty`)]);
  });

  it('also of jets that the scoring threads read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jetsdk-sense-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const all = scaled(someJets(30_000), 1000);
    all.data.fill(0, 20_000 * 28, 20_001 * 28);
    await writeJets(join(folder, 'mev.h5'), all);
    const source = await openJets(join(folder, 'mev.h5'));
    const read = vi.spyOn(source, 'read');
    expect(await warnings(source)).toEqual([
      expect.stringContaining('1 of 30000 jets are empty'),
      expect.stringContaining('MeV'),
    ]);
    expect(read).not.toHaveBeenCalled();
    source.close();
  });

  it('pixels that the recipe does not make: below 0, or scaled', async () => {
    const negative = gev(40);
    negative.data[3] = -2;
    expect(await warnings(negative)).toEqual([expect.stringContaining('pixels down to -2')]);
    expect(await warnings(fixtureImages(40))).toEqual([expect.stringContaining('no pixel above')]);
  });

  it('empty images, of which every eighth is looked at where there are many', async () => {
    const all = gev(3000);
    all.data.fill(0, 0, 1600 * 144);
    expect(await warnings(all)).toEqual([expect.stringMatching(/score: \d+ of \d+ images looked at are empty/)]);
  });

  it('on the console by default', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    onTestFinished(() => warn.mockRestore());
    await using tagger = await loadTagger(withCard(fixture('scoreNhwc'), fixtureCard({ recipe })), { device: 'cpu' });
    await tagger.score(scaled(someJets(3), 1000));
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
