import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CardTraining, JetSource, ModelCard } from '@jetsdk/jets';
import { fileHash, openJets } from '@jetsdk/jets/files';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsApart, testRows } from './rowsApart.js';
import { readTrainingData } from './trainingData.js';

const VAL = join(import.meta.dirname, '../../../../data/val.h5');
const OTHER = join(import.meta.dirname, '../../../../data/test.h5');

const folder = mkdtempSync(join(tmpdir(), 'jetsdk-apart-'));
const renamed = join(folder, 'renamed.h5');
let source: JetSource;
let apart: readonly number[];
let card: ModelCard;

beforeAll(async () => {
  copyFileSync(VAL, renamed);
  source = await openJets(renamed);
  const data = await readTrainingData({ data: VAL, seed: 5 }, { constituents: 4 });
  await data.close();
  apart = [...(data.test?.jets ?? [])].sort((a, b) => a - b);
  const { hash, split } = data.facts;
  const training = {
    network: 'dense',
    dataset: VAL,
    datasetHash: hash,
    ...(split && { split }),
    trainJets: data.training.labels.length,
  };
  card = { training } as unknown as ModelCard;
});
afterAll(() => {
  source.close();
  rmSync(folder, { recursive: true });
});

const changed = (changes: Partial<CardTraining>): ModelCard => ({
  ...card,
  training: { ...card.training!, ...changes },
});

test('the jets that the split of a training set apart are known by the file, whatever it is called', async () => {
  expect(apart.length).toBeGreaterThan(0);
  expect([...(await testRows(renamed, source, card))]).toEqual(apart);
  expect([...((await rowsApart(renamed, source, card.training)) ?? [])]).toEqual(apart);
});

test('of another file all jets are apart, and none were set apart', async () => {
  const other = await openJets(OTHER);
  expect(await rowsApart(OTHER, other, card.training)).toBeUndefined();
  await expect(testRows(OTHER, other, card)).rejects.toThrow('trained on another file, val.h5');
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
