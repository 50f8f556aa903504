import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jets, memorySource } from '@jetsdk/jets';
import { openJets, writeJets } from '@jetsdk/jets/files';
import { expect, test } from 'vitest';
import { takeInputs } from './inputs.js';
import { readTrainingData } from './trainingData.js';
import { unusedJets } from './unusedJets.js';

const FILE = join(import.meta.dirname, '../../../../data/val.h5');

test.each([
  ['all of a file', {}],
  ['some of it', { rows: [100, 400] as const }],
  ['with the shares of the classes kept', { stratified: true, rows: [50, undefined] as const }],
])(
  'of %s, split at random, they are the jets that readTrainingData sets apart, and those outside',
  async (_, options) => {
    const data = await readTrainingData({ data: FILE, seed: 5, ...options }, { constituents: 4 });
    await data.close();
    const source = await openJets(FILE);
    const unused = await unusedJets(source, { ...data.facts, trainJets: data.training.labels.length });
    source.close();
    const { rows: [first = 0, stop = source.count] = [] } = data.facts;
    const outside = Array.from({ length: source.count }, (_, jet) => jet).filter((jet) => jet < first || jet >= stop);
    expect([...unused]).toEqual([...outside, ...(data.test?.jets ?? [])].sort((a, b) => a - b));
  },
);

const WHOLE = { trainJets: 6 };
const source = (beside: object) => memorySource(jets(new Float32Array(6 * 4), 1), beside);

test('of a file split by a column they are those with 1 there', async () => {
  const split = { column: 'ttv' };
  const columns = { ttv: Float64Array.of(0, 1, 2, 1, 0, 1) };
  expect([...(await unusedJets(source({ columns }), { ...WHOLE, split }))]).toEqual([1, 3, 5]);
  expect([...(await unusedJets(source({ columns }), { ...WHOLE, split, rows: [2, 5] }))]).toEqual([0, 1, 3, 5]);
  await expect(unusedJets(source({}), { ...WHOLE, split })).rejects.toMatchObject({ code: 'BAD_DATASET' });
});

test('of a file that was learned from as a whole there are none', async () => {
  expect((await unusedJets(source({}), WHOLE)).length).toBe(0);
  expect([...(await unusedJets(source({}), { ...WHOLE, rows: [2] }))]).toEqual([0, 1]);
});

test.each([
  ['of all of a file', {}],
  ['of some of it', { rows: [100, 400] as const }],
])('of a draw %s they are the jets that were not drawn', async (_, options) => {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-draw-'));
  try {
    // the first constituent of jet i has pT = 100 + i GeV: what is learned from tells which jets were drawn
    const path = join(folder, 'jets.h5');
    const momenta = Float32Array.from({ length: 500 * 4 }, (_, i) => (i % 4 < 2 ? 100 + Math.floor(i / 4) : 0));
    const labels = Uint8Array.from({ length: 500 }, (_, jet) => jet % 2);
    await writeJets(path, memorySource(jets(momenta, 1), { labels }));
    const files = { data: path, validation: FILE, trainJets: 60, seed: 11, ...options };
    const data = await readTrainingData(files, { constituents: 1 });
    const { data: learned } = await takeInputs(data.training.inputs);
    await data.close();
    const drawn = new Set(learned.filter((_, i) => i % 4 === 1).map((px) => px - 100));
    expect(drawn.size).toBe(60);
    const file = await openJets(path);
    const unused = await unusedJets(file, { ...data.facts, trainJets: 60 });
    file.close();
    expect([...unused]).toEqual(Array.from({ length: 500 }, (_, jet) => jet).filter((jet) => !drawn.has(jet)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('of a split they are those set apart, also where what was learned from was drawn', async () => {
  const columns = { ttv: Float64Array.of(0, 1, 2, 1, 0, 1) };
  const training = { split: { column: 'ttv' }, drawSeed: 1, trainJets: 1 };
  expect([...(await unusedJets(source({ columns }), training))]).toEqual([1, 3, 5]);
});

test('of a file without labels its random split cannot be made again', async () => {
  const split = { seed: 1, test: 0.2, validation: 0.25, stratified: false };
  await expect(unusedJets(source({}), { ...WHOLE, split })).rejects.toThrow(
    /no labels, which its random split was made with/,
  );
});
