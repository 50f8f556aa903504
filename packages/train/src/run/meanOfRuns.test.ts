import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { predict } from '../fit/predict.js';
import { prongImages } from '../images.testing.js';
import type { LoadedRun } from './loadRun.js';
import { loadRun } from './loadRun.js';
import { meanOfRuns, type NamedRun } from './meanOfRuns.js';
import { type RunRequest, trainRun } from './trainRun.js';

const SIDE = 10;
const training = prongImages(200, SIDE, 1);
const validation = prongImages(80, SIDE, 2);
const { inputs: images } = prongImages(50, SIDE, 3);
/** Of sums of some numbers below 1. */
const ROUNDING = 3e-7;

let folder: string;
let runs: NamedRun[];

async function trained(name: string, change: Partial<RunRequest> = {}, jets = training): Promise<NamedRun> {
  const request: RunRequest = {
    network: 'course-cnn',
    seed: 1,
    epochs: 1,
    batchSize: 64,
    augmentation: { flip: ['phi', 'eta'] },
    dataset: { name: 'prongs', classes: ['one', 'two'] },
    ...change,
  };
  await trainRun(join(folder, name), request, jets, validation);
  return [name, await loadRun(join(folder, name))];
}

beforeAll(async () => {
  await selectBackend('wasm', { threads: 1 });
  folder = await mkdtemp(join(tmpdir(), 'jetsdk-mean-'));
  runs = [await trained('seed-1'), await trained('seed-2', { seed: 2 })];
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

/** The images backwards along rows or columns. */
function mirrored(axis: 'eta' | 'phi'): typeof images {
  const data = images.data.map((_, i) => {
    const [image, row, column] = [Math.floor(i / SIDE / SIDE), Math.floor(i / SIDE) % SIDE, i % SIDE];
    const [y, x] = axis === 'eta' ? [SIDE - 1 - row, column] : [row, SIDE - 1 - column];
    return images.data[(image * SIDE + y) * SIDE + x];
  });
  return { ...images, data };
}

const scoresOf = async (members: readonly NamedRun[], mirrors: boolean, inputs = images): Promise<Float32Array> =>
  (await meanOfRuns(members, inputs, { mirrored: mirrors })).outputs;

const largestDifference = (a: Float32Array, b: ArrayLike<number>): number =>
  a.reduce((most, score, i) => Math.max(most, Math.abs(score - b[i])), 0);

describe('meanOfRuns', () => {
  test('gives the mean of the scores of its runs', async () => {
    const [first, second] = await Promise.all(runs.map(([, { artifacts }]) => predict(artifacts, images)));
    expect(largestDifference(first, second)).toBeGreaterThan(1e-3);
    const mean = await scoresOf(runs, false);
    expect(mean).toHaveLength(50);
    expect(
      largestDifference(
        mean,
        Float64Array.from(first, (score, i) => (score + second[i]) / 2),
      ),
    ).toBeLessThan(ROUNDING);
  });

  test('gives a jet and its mirror images one score, the mean of what each gets alone', async () => {
    const score = await scoresOf(runs, true);
    for (const axis of ['eta', 'phi'] as const)
      expect(largestDifference(await scoresOf(runs, true, mirrored(axis)), score)).toBeLessThan(ROUNDING);
    const one = [await trained('along-eta', { augmentation: { flip: ['eta'] } })];
    const { artifacts } = one[0][1];
    const [as, back] = [await predict(artifacts, images), await predict(artifacts, mirrored('eta'))];
    expect(largestDifference(as, back)).toBeGreaterThan(1e-3);
    const mean = Float64Array.from(as, (here, i) => (here + back[i]) / 2);
    expect(largestDifference(await scoresOf(one, true), mean)).toBeLessThan(ROUNDING);
  });

  test('tells of every training, and over which images', async () => {
    const plain = await meanOfRuns(runs, images, { mirrored: false });
    expect(plain.facts).toEqual({
      trainings: [1, 2].map((seed) =>
        expect.objectContaining({ network: 'course-cnn', seed, epochs: 1, bestEpoch: 1 }),
      ),
    });
    const both = await meanOfRuns(runs, images, { mirrored: true });
    expect(both.facts).toEqual({ ...plain.facts, images: [[], ['eta'], ['phi'], ['eta', 'phi']] });
    expect(both.artifacts.weights).toHaveLength(2 * runs[0]![1].artifacts.weights.length);
  });

  test('leaves nothing behind', async () => {
    await scoresOf(runs, true);
    const { numTensors } = memory();
    await scoresOf(runs, true);
    expect(memory().numTensors).toBe(numTensors);
  });

  test('refuses runs that differ in more than the seed, and names both values', async () => {
    const [one] = runs;
    const refusal = async (change: Partial<RunRequest>, jets = training): Promise<unknown> => {
      const other = await trained(
        `other-${JSON.stringify(change).length}-${jets.labels.length}`,
        { seed: 3, ...change },
        jets,
      );
      return meanOfRuns([one, other], images, { mirrored: false }).catch((error: unknown) => error);
    };
    const refused = (message: RegExp): unknown =>
      expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringMatching(message) });
    expect(await refusal({ network: 'course-dense' })).toEqual(
      refused(
        /^mean of runs: network of seed-1 "course-cnn", of other-\S+ "course-dense"; expected trainings of one network/,
      ),
    );
    expect(await refusal({ dataset: { name: 'prongs', classes: ['two', 'one'] } })).toEqual(
      refused(/classes of seed-1 \["one","two"\], of other-\S+ \["two","one"\]/),
    );
    expect(await refusal({}, prongImages(160, SIDE, 1))).toEqual(
      refused(/data of seed-1 \{.*"trainJets":200.*\}, of other-\S+ \{.*"trainJets":160/),
    );
  });

  test('refuses one seed twice', async () => {
    const [one] = runs as [NamedRun];
    await expect(meanOfRuns([one, ['again', one[1]]], images, { mirrored: false })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: 'mean of runs: seed 1 of seed-1 and again; expected another seed for each; leave one out',
    });
  });

  test('refuses mirror images that a training did not draw, or another did not', async () => {
    const flip =
      (axes: readonly ('eta' | 'phi')[]) =>
      ([name, run]: NamedRun): NamedRun => [
        name,
        { ...run, run: { ...run.run, settings: { ...run.run.settings, augmentation: { flip: axes } } } } as LoadedRun,
      ];
    const [one, two] = runs as [NamedRun, NamedRun];
    await expect(meanOfRuns([flip([])(one)], images, { mirrored: true })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringMatching(/seed-1 drew mirror images along 0 axes; expected a training with --flip/),
    });
    await expect(meanOfRuns([one, flip(['eta'])(two)], images, { mirrored: true })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringMatching(/--flip of seed-1 \["eta","phi"\], of seed-2 \["eta"\]/),
    });
  });
});
