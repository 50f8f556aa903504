import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jets, memorySource, namedRecipe } from '@jetsdk/jets';
import { writeJets } from '@jetsdk/jets/files';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Inputs, takeInputs } from './inputs.js';
import { readTrainingData, type TrainingFiles } from './trainingData.js';

const COUNT = 100;
let folder: string;
let data: string;

/** Jet i has one constituent with pT = 100 + i GeV. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jetsdk-data-'));
  data = join(folder, 'jets.h5');
  const momenta = Float32Array.from({ length: COUNT * 4 }, (_, i) => (i % 4 < 2 ? 100 + Math.floor(i / 4) : 0));
  const labels = Uint8Array.from({ length: COUNT }, (_, jet) => jet % 2);
  await writeJets(data, memorySource(jets(momenta, 1), { labels }));
});
afterAll(() => rm(folder, { recursive: true }));

const read = (files: Partial<TrainingFiles>) => readTrainingData({ data, seed: 3, ...files }, { constituents: 1 });
/** Numbers of the jets in the file. */
const numbers = async ({ inputs }: { readonly inputs: Inputs }): Promise<number[]> =>
  [...(await takeInputs(inputs)).data].filter((_, i) => i % 4 === 1).map((px) => px - 100);

describe('readTrainingData', () => {
  test('splits a file 60/20/20 by the seed, every jet in one part, with labels that belong to the jets', async () => {
    const { training, validation, test: held, facts } = await read({ stratified: true });
    const parts = await Promise.all([training, validation, held!].map(numbers));
    expect(parts.map((part) => part.length)).toEqual([60, 20, 20]);
    expect(parts.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, i) => i));
    expect([...held!.jets!]).toEqual(parts[2]);
    for (const [i, part] of [training, validation, held!].entries())
      expect([...part.labels]).toEqual(parts[i].map((jet) => jet % 2));
    expect(facts).toMatchObject({
      name: data,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      split: { seed: 3, test: 0.2, validation: 0.25, stratified: true },
    });
    expect(await numbers((await read({ stratified: true })).training)).toEqual(parts[0]);
  });

  test('numbers test jets as the file does, also where only some rows are taken', async () => {
    const { test: held, facts } = await read({ rows: [40, undefined] });
    expect([...held!.jets!]).toEqual(await numbers(held!));
    expect(facts.rows).toEqual([40]);
  });

  test('takes validation and test jets from files of their own, and weights that make the pT flat', async () => {
    const { training, validation, test: held, facts } = await read({ validation: data, test: data, flatPt: true });
    expect([training, validation, held!].map(({ labels }) => labels.length)).toEqual([COUNT, COUNT, COUNT]);
    expect(training.weights).toHaveLength(COUNT);
    expect(validation).not.toHaveProperty('weights');
    expect(facts).not.toHaveProperty('split');
  });

  test('learns from so many of the jets to learn from, drawn by the seed, and leaves the other parts as they are', async () => {
    const [whole, few, more] = [await read({}), await read({ trainJets: 10 }), await read({ trainJets: 20 })];
    const learned = await numbers(few.training);
    expect(new Set(learned).size).toBe(10);
    expect(await numbers(whole.training)).toEqual(expect.arrayContaining(learned));
    expect((await numbers(more.training)).slice(0, 10)).toEqual(learned);
    expect([...few.training.labels]).toEqual(learned.map((jet) => jet % 2));
    expect(await numbers(few.validation)).toEqual(await numbers(whole.validation));
    const all = await read({ validation: data, trainJets: 50, flatPt: true });
    expect(all.training.weights).toHaveLength(50);
    expect(all.validation.labels).toHaveLength(COUNT);
    await expect(read({ trainJets: 61 })).rejects.toMatchObject({ code: 'OUT_OF_RANGE' });
  });

  test('says which part it reads, and how far it is', async () => {
    const seen: unknown[] = [];
    const onProgress = (progress: unknown) => void seen.push(progress);
    await readTrainingData({ data, validation: data, seed: 1 }, namedRecipe('course-30'), { onProgress });
    const bytes = statSync(data).size;
    // each file is hashed, then its jets are read
    expect(seen).toEqual(
      [1, 2].flatMap(() => [
        { what: 'jets.h5', done: bytes, total: bytes, unit: 'bytes' },
        { what: 'jets.h5', done: COUNT, total: COUNT, unit: 'jets' },
      ]),
    );
  });

  test.each<[string, Partial<TrainingFiles>, string]>([
    ['a column and a file of test jets', { splitBy: 'ttv', test: 'x.h5' }, 'BAD_ARGUMENT'],
    ['test jets without validation jets', { test: 'x.h5' }, 'BAD_ARGUMENT'],
    ['rows that the file does not have', { rows: [90, 101] }, 'OUT_OF_RANGE'],
    ['a column that the file does not have', { splitBy: 'ttv' }, 'BAD_DATASET'],
  ])('refuses %s', async (_, files, code) => {
    await expect(read(files)).rejects.toMatchObject({ name: 'JetError', code });
  });
});
