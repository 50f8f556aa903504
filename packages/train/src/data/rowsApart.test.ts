import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CardTraining, JetSource } from '@jetsdk/jets';
import { fileHash, openJets } from '@jetsdk/jets/files';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsApart, rowsApartFromAll, testRows } from './rowsApart.js';
import { readTrainingData } from './trainingData.js';

const VAL = join(import.meta.dirname, '../../../../data/val.h5');
const OTHER = join(import.meta.dirname, '../../../../data/test.h5');

const folder = mkdtempSync(join(tmpdir(), 'jetsdk-apart-'));
const renamed = join(folder, 'renamed.h5');
let source: JetSource;
let apart: readonly number[];
let training: CardTraining;

beforeAll(async () => {
  copyFileSync(VAL, renamed);
  source = await openJets(renamed);
  const data = await readTrainingData({ data: VAL, seed: 5 }, { constituents: 4 });
  await data.close();
  apart = [...(data.test?.jets ?? [])].sort((a, b) => a - b);
  const { hash, split } = data.facts;
  training = {
    network: 'dense',
    parameters: 1,
    dataset: VAL,
    ...(hash !== undefined && { datasetHash: hash }),
    ...(split && { split }),
    trainJets: data.training.labels.length,
    validationJets: data.validation.labels.length,
    seed: 5,
    epochs: 1,
    bestEpoch: 1,
    batchSize: 1,
    optimizer: 'adam',
    learningRate: 1e-3,
    backend: 'wasm',
    seconds: 1,
  };
});
afterAll(() => {
  source.close();
  rmSync(folder, { recursive: true });
});

const changed = (changes: Partial<CardTraining>) => ({ training: { ...training, ...changes } });

test('the jets that the split of a training set apart are known by the file, whatever it is called', async () => {
  expect(apart.length).toBeGreaterThan(0);
  expect([...(await testRows(renamed, source, { training }))]).toEqual(apart);
  expect([...((await rowsApart(renamed, source, training)) ?? [])]).toEqual(apart);
});

test('of another file all jets are apart, and none were set apart', async () => {
  const other = await openJets(OTHER);
  expect(await rowsApart(OTHER, other, training)).toBeUndefined();
  await expect(testRows(OTHER, other, { training })).rejects.toThrow('trained on another file, val.h5');
  other.close();
});

test('a file that chose the epoch has none', async () => {
  const other = await openJets(OTHER);
  const training = changed({ validationHashes: [await fileHash(OTHER)] }).training;
  await expect(rowsApart(OTHER, other, training)).rejects.toThrow('none of its 4000 jets');
  other.close();
});

test('a model that does not say what it was trained on is refused', async () => {
  await expect(testRows(renamed, source, undefined)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  expect(await rowsApart(renamed, source, undefined)).toBeUndefined();
});

test('jets apart from several trainings are those that each set apart; what each took is counted', async () => {
  const { split } = training;
  const other = changed({ split: { ...split!, seed: 6 } as NonNullable<CardTraining['split']> }).training;
  const otherRows = [...((await rowsApart(renamed, source, other)) ?? [])];
  const both = apart.filter((row) => otherRows.includes(row));
  expect(both.length).toBeGreaterThan(0);
  expect(both.length).toBeLessThan(apart.length);
  const { rows, taken } = await rowsApartFromAll(renamed, source, [training, undefined, other]);
  expect([...(rows ?? [])]).toEqual(both);
  expect(taken).toEqual([source.count - apart.length, undefined, source.count - otherRows.length]);
});

test('where no training had the file all jets are apart', async () => {
  const other = await openJets(OTHER);
  expect(await rowsApartFromAll(OTHER, other, [training, undefined])).toEqual({
    rows: undefined,
    taken: [undefined, undefined],
  });
  other.close();
});

test('trainings that had every jet between them are refused', async () => {
  const half = source.count / 2;
  const taking = (rows: readonly [number, number]): CardTraining => {
    const { split: _, ...others } = training;
    return { ...others, rows };
  };
  await expect(rowsApartFromAll(renamed, source, [taking([0, half]), taking([half, source.count])])).rejects.toThrow(
    `each of its ${source.count} jets took part in the training of one of the models`,
  );
});
