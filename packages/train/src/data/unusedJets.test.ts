import { join } from 'node:path';
import { jets, memorySource } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { expect, test } from 'vitest';
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
    const unused = await unusedJets(source, data.facts);
    source.close();
    const { rows: [first = 0, stop = source.count] = [] } = data.facts;
    const outside = Array.from({ length: source.count }, (_, jet) => jet).filter((jet) => jet < first || jet >= stop);
    expect([...unused]).toEqual([...outside, ...(data.test?.jets ?? [])].sort((a, b) => a - b));
  },
);

const source = (beside: object) => memorySource(jets(new Float32Array(6 * 4), 1), beside);

test('of a file split by a column they are those with 1 there', async () => {
  const split = { column: 'ttv' };
  const columns = { ttv: Float64Array.of(0, 1, 2, 1, 0, 1) };
  expect([...(await unusedJets(source({ columns }), { split }))]).toEqual([1, 3, 5]);
  expect([...(await unusedJets(source({ columns }), { split, rows: [2, 5] }))]).toEqual([0, 1, 3, 5]);
  await expect(unusedJets(source({}), { split })).rejects.toMatchObject({ code: 'BAD_DATASET' });
});

test('of a file that was learned from as a whole there are none', async () => {
  expect((await unusedJets(source({}), {})).length).toBe(0);
  expect([...(await unusedJets(source({}), { rows: [2] }))]).toEqual([0, 1]);
});

test('of a file without labels its random split cannot be made again', async () => {
  const split = { seed: 1, test: 0.2, validation: 0.25, stratified: false };
  await expect(unusedJets(source({}), { split })).rejects.toThrow(/no labels, which its random split was made with/);
});
