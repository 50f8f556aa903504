import { statSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { jets, memorySource, namedRecipe } from '@jetsdk/jets';
import { writeArrays, writeJets } from '@jetsdk/jets/files';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Inputs, takeInputs } from './inputs.js';
import { readTrainingData, type TrainingFiles } from './trainingData.js';

const COUNT = 100;
let folder: string;
let data: string;
/** Other jets. */
let other: string;

/** Jet i has one constituent with pT = 100 + i GeV. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jetsdk-data-'));
  data = join(folder, 'jets.h5');
  const momenta = Float32Array.from({ length: COUNT * 4 }, (_, i) => (i % 4 < 2 ? 100 + Math.floor(i / 4) : 0));
  const labels = Uint8Array.from({ length: COUNT }, (_, jet) => jet % 2);
  await writeJets(data, memorySource(jets(momenta, 1), { labels }));
  other = join(folder, 'other.h5');
  await writeJets(
    other,
    memorySource(
      jets(
        momenta.map((value) => 2 * value),
        1,
      ),
      { labels },
    ),
  );
});
afterAll(() => rm(folder, { recursive: true }));

const read = (files: Partial<TrainingFiles>, warned: string[] = []) =>
  readTrainingData(
    { data, seed: 3, ...files },
    { constituents: 1 },
    { onWarning: (warning) => void warned.push(warning) },
  );
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
    await readTrainingData({ data, validation: other, seed: 1 }, namedRecipe('course-30'), { onProgress });
    // each file is hashed, then its jets are read
    expect(seen).toEqual(
      [data, other].flatMap((path) => {
        const [what, bytes] = [basename(path), statSync(path).size];
        return [
          { what, done: bytes, total: bytes, unit: 'bytes' },
          { what, done: COUNT, total: COUNT, unit: 'jets' },
        ];
      }),
    );
  });

  test('refuses a file that is given twice, whatever it is called: its jets would be in all parts', async () => {
    const copy = join(folder, 'copy.h5');
    await copyFile(data, copy);
    for (const files of [{ data: [data, copy] }, { validation: [other, data, copy] }])
      await expect(read(files)).rejects.toMatchObject({
        code: 'BAD_ARGUMENT',
        message: `train: ${data} and ${copy} are the same file; expected each once; leave one out`,
      });
    await expect(read({ data: [other, other] })).rejects.toMatchObject({
      message: `train: ${other} is given twice; expected each once; leave one out`,
    });
  });

  test('warns of jets that are learned from and choose the epoch, or are measured', async () => {
    const warned: string[] = [];
    await read({ validation: other }, warned);
    expect(warned).toEqual([]);
    const copy = join(folder, 'copy.h5');
    await copyFile(data, copy);
    await read({ validation: copy, test: data }, warned);
    expect(warned).toEqual([
      `${copy} is learned from, as ${data}: the epoch is chosen by jets that the network has seen`,
      `${data} is learned from: it is measured on jets that it has seen`,
      `${data} is what chooses the epoch, as ${copy}: it is measured on jets that it was chosen by`,
    ]);
  });

  test('refuses jets of other classes in another part, unless they are named', async () => {
    const named = async (signal: string): Promise<string> => {
      const path = join(folder, `${signal}.h5`);
      const images = (value: number) => ({ shape: [20, 2, 2, 1], data: new Float32Array(80).fill(value) });
      await writeArrays(path, [{ QCD: images(1), [signal]: images(2) }]);
      return path;
    };
    const files = { data: await named('top'), validation: await named('W'), seed: 1 };
    await expect(readTrainingData(files, undefined)).rejects.toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringMatching(/W\.h5: classes QCD, W, QCD, top in the jets to learn from; expected the same/),
    });
    const { facts } = await readTrainingData({ ...files, classes: ['QCD', 'any'] }, undefined);
    expect(facts.classes).toEqual(['QCD', 'any']);
  });

  test('refuses a part without jets of a class before the training', async () => {
    const path = join(folder, 'few.h5');
    const momenta = Float32Array.from({ length: 40 }, (_, i) => (i % 4 < 2 ? 100 + Math.floor(i / 4) : 0));
    await writeJets(
      path,
      memorySource(jets(momenta, 1), { labels: Uint8Array.from({ length: 10 }, (_, i) => +(i > 8)) }),
    );
    await expect(read({ data: path })).rejects.toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringMatching(
        /few\.h5: \d jets to .*, 0 of class 1; expected jets of each of 2 classes; give more/,
      ),
    });
    await expect(read({ validation: path, rows: [0, 1] })).rejects.toMatchObject({
      message: expect.stringMatching(/: 1 jet to learn from, 0 of class 1;/),
    });
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
