import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random, takeRows } from '@jetsdk/jets';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GanExamples } from '../adversarial/examples.js';
import { selectBackend } from '../backend/select.js';
import { readGanState } from './ganRun.js';
import { realness } from './realness.js';
import { hashOf } from './runFolder.js';
import { trainGan } from './trainGan.js';

const ROWS = 8;
const folder = mkdtempSync(join(tmpdir(), 'jetsdk-gan-'));
beforeAll(() => selectBackend('wasm', { threads: 1 }));
afterAll(() => rmSync(folder, { recursive: true }));

const { uniform } = random(3);
const images = { shape: [ROWS, 25, 25], data: Float32Array.from({ length: ROWS * 625 }, () => 10 * uniform()) };
const signal = Float32Array.from({ length: ROWS }, (_, row) => row % 2);
const examples: GanExamples = { images: [images], conditions: { signal } };
const some = (rows: readonly number[]): GanExamples => ({
  images: [takeRows(images, rows)],
  conditions: { signal: Float32Array.from(rows, (row) => signal[row]) },
});

const request = {
  network: 'lagan',
  settings: { batchSize: 4, epochs: 1, learningRate: 2e-4, discriminatorRate: 2e-4, seed: 1 },
  dataset: { name: 'jets.h5', rows: [0, ROWS] },
} as const;

/** Of both networks and their optimizers. */
async function stateHash(run: string): Promise<string> {
  const state = await readGanState(run);
  if (state === undefined) throw new Error('no state');
  const { generator, discriminator, generatorOptimizer: one, discriminatorOptimizer: other } = state;
  return hashOf([generator, discriminator, one.means, one.squares, other.means, other.squares].flat());
}

test('a run that was stopped within an epoch is gone on with from there, and ends with the same state', async () => {
  const [whole, stopped] = ['whole', 'stopped'].map((name) => join(folder, name));
  await trainGan(whole, request, examples);
  const abort = new AbortController();
  const cut = trainGan(stopped, request, examples, { signal: abort.signal, onBatch: () => abort.abort() });
  await expect(cut).rejects.toMatchObject({
    code: 'CANCELLED',
    message: expect.stringContaining('after batch 1 of 2'),
  });
  expect(await readGanState(stopped)).toMatchObject({ history: [], within: { batches: 1 } });
  const batches: number[] = [];
  await trainGan(stopped, { ...request, resume: true }, examples, { onBatch: ({ batch }) => batches.push(batch) });
  expect(batches).toEqual([2]);
  const [goneOn, atOnce] = await Promise.all([stopped, whole].map(stateHash));
  expect(goneOn).toBe(atOnce);
  expect(readFileSync(join(stopped, 'model.json'))).toEqual(readFileSync(join(whole, 'model.json')));
});

test('realness is judged in batches of the size of the training, the last one filled up with the first images', async () => {
  const run = join(folder, 'judged');
  await expect(realness(run, examples)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  await trainGan(run, request, examples);
  const all = await realness(run, some([0, 1, 2, 3, 4, 5]));
  expect(all.every((value) => value > 0 && value < 1)).toBe(true);
  expect(all.subarray(0, 4)).toEqual(await realness(run, some([0, 1, 2, 3])));
  expect(all.subarray(4)).toEqual((await realness(run, some([4, 5, 0, 1]))).subarray(0, 2));
});
