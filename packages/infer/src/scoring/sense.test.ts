import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// the built package: worker threads run built files
import { loadTagger, type Scorable } from '@jetsdk/infer';
import { type CardTraining, type InputRange, type Jets, jets, memorySource, type Recipe } from '@jetsdk/jets';
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

const trained = (range: InputRange): CardTraining => ({
  network: 'n',
  parameters: 1,
  dataset: 'd',
  trainJets: 1,
  validationJets: 1,
  range,
  seed: 1,
  epochs: 1,
  bestEpoch: 1,
  batchSize: 1,
  optimizer: 'adam',
  learningRate: 1e-3,
  backend: 'wasm',
  seconds: 1,
});

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

  it.each([40, 3000])('energies in TeV, of %i jets', async (count) => {
    const told = await warnings(scaled(someJets(count), 1e-3), memorySource(scaled(someJets(count), 1e-3)));
    expect(told).toHaveLength(2);
    for (const warning of told)
      expect(warning).toMatch(
        /no energy above 0\.0\d+; expected GeV, the largest above 5; .*TeV, multiply them by 1000/,
      );
  });

  it.each([40, 3000])('empty jets among %i', async (count) => {
    const all = someJets(count);
    all.data.fill(0, 7 * 28, 9 * 28);
    expect(await warnings(all)).toEqual([expect.stringContaining(`score: 2 of ${count} jets are empty`)]);
  });

  it('empty jets, each of them, though energies are looked at in every sixteenth jet where there are many', async () => {
    const all = someJets(3000);
    for (const jet of [3, 1000, 1001, 1007, 2999]) all.data.fill(0, jet * 28, (jet + 1) * 28);
    // the first slot may be empty where the jet is not
    for (let jet = 100; jet < 200; jet++) all.data.fill(0, jet * 28, jet * 28 + 4);
    expect(await warnings(all)).toEqual([expect.stringContaining('score: 5 of 3000 jets are empty')]);
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

  it('images outside the range of the training, where the card knows it, and not their tails', async () => {
    const range = { least: 0, peak: [90, 110] as const };
    const told = async (model: Uint8Array, x: Scorable): Promise<string[]> => {
      await using tagger = await loadTagger(model, { device: 'cpu', threads: 2 });
      const said: string[] = [];
      await tagger.score(x, { onWarning: (warning) => said.push(warning) });
      return said;
    };
    const images = withCard(fixture('scoreNhwc'), fixtureCard({ recipe, training: trained(range) }));
    const peaks = (count: number, peak: (jet: number) => number) => {
      const data = new Float32Array(count * 144);
      for (let jet = 0; jet < count; jet++) data[jet * 144 + 7] = peak(jet);
      return { ...fixtureImages(count), data };
    };
    expect(
      await told(
        images,
        peaks(3000, (jet) => 90 + (jet % 21)),
      ),
    ).toEqual([]);
    expect(
      await told(
        images,
        peaks(3000, (jet) => (jet % 801 === 0 ? 500 : 100)),
      ),
    ).toEqual([]);
    expect(
      await told(
        images,
        peaks(1, () => 110.001),
      ),
    ).toEqual([]);
    for (const count of [40, 3000])
      for (const [peak, least] of [
        [1, 0],
        [900, 0],
        [100, -1],
      ])
        expect(
          await told(images, {
            ...peaks(count, () => peak),
            data: peaks(count, () => peak).data.map((v) => v || least),
          }),
        ).toEqual([
          expect.stringMatching(
            `^score: (\\d+) of \\1 images looked at lie outside what fixture was trained on: pixels from ${least}, .*expected from 0, 90 to 110; give pixels as recipe fixture-12 makes them, of jets like those of its training$`,
          ),
        ]);
  });

  it('nothing about images in GeV that the recipe has yet to normalise: the card has the range of what it makes of them', async () => {
    const normalising: Recipe = { ...recipe, steps: [...recipe.steps, { step: 'normalise', by: 'sum' }] };
    const training = trained({ least: 0, peak: [0.1, 1] });
    await using tagger = await loadTagger(
      withCard(fixture('scoreNhwc'), fixtureCard({ recipe: normalising, training })),
      { device: 'cpu', threads: 2 },
    );
    const told: string[] = [];
    const onWarning = (warning: string) => told.push(warning);
    for (const x of [gev(1), gev(40), gev(3000)]) await tagger.score(x, { onWarning });
    expect(told).toEqual([]);
    const negative = gev(5);
    negative.data[3] = -2;
    await tagger.score(negative, { onWarning });
    expect(told).toEqual([expect.stringContaining('pixels down to -2')]);
  });

  it('constituents outside the range of the training, of a network that takes them as they are', async () => {
    const input = { kind: 'constituents', name: 'constituents', shape: [6, 4], layout: 'NMC' } as const;
    const { name: _, ...facts } = fixtureCard({ training: trained({ least: 0, peak: [20, 400] }) });
    const card = { ...facts, name: 'mlp', input };
    await using tagger = await loadTagger(withCard(fixture('constituents'), card), { device: 'cpu' });
    const told = async (energy: number): Promise<string[]> => {
      const x = jets(
        Float32Array.from({ length: 40 * 24 }, (_, i) => (i % 4 < 2 ? energy : 0)),
        6,
      );
      const said: string[] = [];
      await tagger.score(x, { onWarning: (warning) => said.push(warning) });
      return said;
    };
    expect(await told(50)).toEqual([]);
    expect(await told(0.05)).toEqual([expect.stringContaining('TeV')]);
    expect(await told(15)).toEqual([
      expect.stringMatching(
        /^score: 18 of 18 jets looked at lie outside .*give energies in GeV, of jets like those of its training$/,
      ),
    ]);
    expect(await told(50_000)).toEqual([expect.stringContaining('MeV')]);
    await using selfContained = await loadTagger(withCard(fixture('constituents'), { ...card, recipe }), {
      device: 'cpu',
    });
    const said: string[] = [];
    await selfContained.score(jets(Float32Array.of(0.05, 0.05, 0, 0), 1), {
      onWarning: (warning) => said.push(warning),
    });
    expect(said).toEqual([]);
  });

  it('momenta that the training did not see, of constituents and of images in GeV, where the card knows those', async () => {
    const range = { least: 0, peak: [0, 1e4] as const, sum: [500, 600] as const };
    const told = async (x: Scorable, of: Recipe = recipe, known: InputRange = range): Promise<string[]> => {
      const model = withCard(fixture('scoreNhwc'), fixtureCard({ recipe: of, training: trained(known) }));
      await using tagger = await loadTagger(model, { device: 'cpu', threads: 2 });
      const said: string[] = [];
      await tagger.score(x, { onWarning: (warning) => said.push(warning) });
      return said;
    };
    const constituents = (count: number, pt: number) =>
      jets(
        Float32Array.from({ length: count * 8 }, (_, i) => [pt, 0.6 * pt, 0.8 * pt, 0, 1, 0, 1, 0][i % 8]),
        2,
      );
    const pixels = (count: number, pt: number) => ({
      ...fixtureImages(count),
      data: Float32Array.from({ length: count * 144 }, (_, i) => (i % 144 === 70 || i % 144 === 71 ? pt / 2 : 0)),
    });
    const { sum: _, ...older } = range;
    const normalising: Recipe = { ...recipe, steps: [...recipe.steps, { step: 'normalise', by: 'sum' }] };
    for (const make of [constituents, pixels])
      for (const count of [1, 3000]) {
        expect(await told(make(count, 550))).toEqual([]);
        expect(await told(make(count, 606))).toEqual([]);
        expect(await told(make(count, 300), recipe, older)).toEqual([]);
        expect(await told(make(count, 300), normalising)).toEqual([]);
        for (const pt of [300, 900])
          expect(await told(make(count, pt))).toEqual([
            expect.stringMatching(
              `^score: (\\d+) of \\1 jets looked at have a momentum that fixture did not learn from: sums of pT of ${make === pixels ? pt : pt + 1} to .* GeV; expected 500 to 600 GeV; .*train it on jets like these$`,
            ),
          ]);
      }
  });

  it('empty images, of which every sixteenth is looked at where there are many, in whatever chunks they are scored', async () => {
    const all = gev(3000);
    all.data.fill(0, 0, 1600 * 144);
    // the first 16, and 16, 32, … 1584 of 16, 32, … 2992
    const told = ['score: 115 of 203 images looked at are empty, all zeros; their scores say nothing; leave them out'];
    expect(await warnings(all)).toEqual(told);
    await using tagger = await loadTagger(withCard(fixture('scoreNhwc'), fixtureCard({ recipe })), {
      device: 'cpu',
      batchSize: 7,
    });
    const said: string[] = [];
    await tagger.score(all, { onWarning: (warning) => said.push(warning) });
    expect(said).toEqual(told);
  });

  it('on the console by default', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    onTestFinished(() => warn.mockRestore());
    await using tagger = await loadTagger(withCard(fixture('scoreNhwc'), fixtureCard({ recipe })), { device: 'cpu' });
    await tagger.score(scaled(someJets(3), 1000));
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
