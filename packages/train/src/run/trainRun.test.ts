import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { digest } from '../compare.testing.js';
import type { Examples } from '../data/examples.js';
import { prongImages } from '../images.testing.js';
import { loadLayersModel } from '../model/loadModel.js';
import type { NetworkName } from '../zoo/index.js';
import { loadRun } from './loadRun.js';
import { type RunRequest, trainRun } from './trainRun.js';

const training: Examples = prongImages(200, 10, 1);
const validation: Examples = prongImages(80, 10, 2);
const request: RunRequest = {
  network: 'course-cnn',
  seed: 4,
  epochs: 4,
  batchSize: 64,
  dataset: { name: 'prongs', classes: ['one', 'two'] },
};

let folder: string;
beforeAll(() => selectBackend('wasm', { threads: 1 }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jetsdk-run-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Trains until `epoch` has begun, then stops as Ctrl-C would. */
async function interrupted(path: string, epoch: number): Promise<void> {
  const controller = new AbortController();
  const onBatch = (progress: { epoch: number }): void => {
    if (progress.epoch === epoch) controller.abort();
  };
  const run = trainRun(path, request, training, validation, { onBatch, signal: controller.signal });
  await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
}

describe('trainRun', () => {
  test('leaves a folder that loadRun reads back', async () => {
    const result = await trainRun(folder, request, training, validation);
    const { artifacts, run, history } = await loadRun(folder);
    expect(history.epochs).toEqual(result.history);
    expect(history.bestEpoch).toBe(result.bestEpoch);
    expect(run).toEqual(result.run);
    expect(run.backend).toBe('wasm');
    const seconds = history.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
    const waited = history.epochs.reduce((sum, epoch) => sum + epoch.waited!, 0);
    expect(run.cost).toEqual({
      seconds,
      jetsPerSecond: 800 / seconds,
      waiting: waited / seconds,
      peakMemory: expect.any(Number),
    });
    expect(waited).toBeLessThan(seconds);
    expect(run.settings).toEqual({
      network: 'course-cnn',
      seed: 4,
      epochs: 4,
      batchSize: 64,
      patience: 10,
      learningRate: 1e-3,
    });
    expect(run.dataset).toMatchObject({ name: 'prongs', trainJets: 200, validationJets: 80 });
    expect(artifacts.weights.map((weight) => weight.name)).toContain('conv/kernel');
  });

  test('an interrupted run that is resumed ends with the same weights, bit for bit', async () => {
    const [whole, broken] = [join(folder, 'whole'), join(folder, 'broken')];
    await trainRun(whole, request, training, validation);
    await interrupted(broken, 3);
    const epochs: number[] = [];
    const onEpoch = ({ epoch }: { epoch: number }): void => {
      epochs.push(epoch);
    };
    await trainRun(broken, { ...request, resume: true }, training, validation, { onEpoch });
    expect(epochs).toEqual([3, 4]);
    const [a, b] = [await loadRun(whole), await loadRun(broken)];
    expect(digest(b.artifacts)).toBe(digest(a.artifacts));
    const times = (run: typeof a) => run.history.epochs.map((record) => ({ ...record, seconds: 0, waited: 0 }));
    expect(times(b)).toEqual(times(a));
  });

  test('leaves no folder behind for settings that cannot be', async () => {
    const never = join(folder, 'never');
    for (const bad of [
      { epochs: 0 },
      { augmentation: { rotate: 200 } },
      { optimizer: { kind: 'sgd', momentum: 1 } },
    ] as const)
      await expect(trainRun(never, { ...request, ...bad }, training, validation)).rejects.toMatchObject({
        code: 'OUT_OF_RANGE',
      });
    expect(existsSync(never)).toBe(false);
  });

  test('a finished run can be resumed for more epochs', async () => {
    const [long, extended] = [join(folder, 'long'), join(folder, 'extended')];
    await trainRun(long, { ...request, epochs: 5 }, training, validation);
    await trainRun(extended, { ...request, epochs: 3 }, training, validation);
    await trainRun(extended, { ...request, epochs: 5, resume: true }, training, validation);
    expect(digest((await loadRun(extended)).artifacts)).toBe(digest((await loadRun(long)).artifacts));
  });

  test('refuses a folder with a run unless asked to resume it, and then with other settings or jets', async () => {
    await interrupted(folder, 2);
    const bad = { code: 'BAD_ARGUMENT' };
    await expect(trainRun(folder, request, training, validation)).rejects.toMatchObject(bad);
    const again = { ...request, resume: true };
    await expect(trainRun(folder, { ...again, learningRate: 0.5 }, training, validation)).rejects.toMatchObject({
      ...bad,
      details: { key: 'settings.learningRate' },
    });
    const others = prongImages(200, 10, 9);
    await expect(trainRun(folder, again, others, validation)).rejects.toMatchObject({
      ...bad,
      details: { key: 'dataset.fingerprint' },
    });
  });

  test('begins with the best weights of an earlier run, if asked to, and records which', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    await trainRun(first, request, training, validation);
    const begun = digest((await loadRun(first)).artifacts);
    const from = { ...request, seed: 9, from: first };
    let before = '';
    const onBatch = (): void => {
      before ||= readFileSync(join(second, 'weights.bin'), 'hex');
    };
    const { run } = await trainRun(second, from, prongImages(200, 10, 3), validation, { onBatch });
    expect(before).toBe((await readFile(join(first, 'weights.bin'))).toString('hex'));
    expect(run.initial).toEqual({ network: 'course-cnn', dataset: 'prongs', weights: begun });
    expect(digest((await loadRun(second)).artifacts)).not.toBe(begun);
  });

  test('refuses to begin with weights of another network, of other images, or with none', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    await trainRun(first, { ...request, epochs: 1 }, training, validation);
    const begin = (change: Partial<RunRequest>, pixels = 10) =>
      trainRun(second, { ...request, from: first, ...change }, prongImages(200, pixels, 1), prongImages(80, pixels, 2));
    await expect(begin({ network: 'tutorial-cnn' })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: `${first}: weights of course-cnn for 10×10×1; expected of tutorial-cnn for 10×10×1`,
    });
    await expect(begin({}, 12)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(begin({ from: join(folder, 'none') })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    expect(existsSync(second)).toBe(false);
  });

  test('throws BAD_ARGUMENT for a network that is not in the zoo', async () => {
    const unknown = trainRun(folder, { ...request, network: 'toString' as NetworkName }, training, validation);
    await expect(unknown).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  test.each(['empty', 'cut', 'other', 'of an array for each weight alone', 'of a history that is none'])(
    'throws BAD_FILE for a checkpoint that is %s',
    async (damage) => {
      await interrupted(folder, 2);
      const path = join(folder, 'checkpoint', 'last.bin');
      const bytes = await readFile(path);
      const damaged = {
        empty: '',
        cut: bytes.subarray(0, bytes.length - 4),
        other: 'JETCKPT1????{',
        'of an array for each weight alone': bytes.toString('latin1').replace(/"lengths":\[\[/, '"lenghts":[['),
        'of a history that is none': bytes.toString('latin1').replace(/"history":\[/, '"history":{'),
      }[damage]!;
      await writeFile(path, damaged);
      const resumed = trainRun(folder, { ...request, resume: true }, training, validation);
      await expect(resumed).rejects.toMatchObject({ code: 'BAD_FILE' });
    },
  );
});

describe('loadRun', () => {
  test.each([
    ['run.json', { format: 'somebody-elses/1' }],
    ['run.json', []],
    ['history.json', { format: 'jetsdk-history/1' }],
  ])('throws BAD_FILE where %s holds %j', async (file, content) => {
    await trainRun(folder, { ...request, epochs: 1 }, training, validation);
    await writeFile(join(folder, file), JSON.stringify(content));
    await expect(loadRun(folder)).rejects.toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining(file) });
  });
});

test('trainRun refuses to resume a run whose run.json is none', async () => {
  await trainRun(folder, { ...request, epochs: 1 }, training, validation);
  await writeFile(join(folder, 'run.json'), '{"format":"somebody-elses/1"}');
  const again = trainRun(folder, { ...request, resume: true }, training, validation);
  await expect(again).rejects.toMatchObject({ code: 'BAD_FILE' });
});

describe('loadLayersModel', () => {
  const changed = async (change: (model: Record<string, unknown>) => unknown): Promise<string> => {
    await trainRun(folder, { ...request, epochs: 1 }, training, validation);
    const path = join(folder, 'model.json');
    await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))));
    return path;
  };
  const manifest = (paths: string[]) => (model: Record<string, unknown>) => ({
    ...model,
    weightsManifest: [{ ...(model['weightsManifest'] as object[])[0], paths }],
  });

  test('throws FILE_NOT_FOUND where there is no file', async () => {
    await expect(loadLayersModel(join(folder, 'model.json'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(loadRun(folder)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  test.each([
    ['no topology', ({ weightsManifest }: Record<string, unknown>) => ({ weightsManifest })],
    ['no manifest', ({ modelTopology }: Record<string, unknown>) => ({ modelTopology })],
    ['a list', () => []],
    ['null', () => null],
    ['weights outside the folder', manifest(['../weights.bin'])],
    ['weights at an absolute path', manifest(['/etc/hostname'])],
  ])('throws BAD_FILE for %s', async (_, change) => {
    await expect(loadLayersModel(await changed(change))).rejects.toMatchObject({ code: 'BAD_FILE' });
  });

  test('throws BAD_FILE for truncated weights', async () => {
    const path = await changed((model) => model);
    const weights = join(folder, 'weights.bin');
    await writeFile(weights, (await readFile(weights)).subarray(4));
    await expect(loadLayersModel(path)).rejects.toMatchObject({ code: 'BAD_FILE' });
  });
});
