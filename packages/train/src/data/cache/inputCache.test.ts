import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  inputRange,
  type JetSource,
  jetImages,
  jetKinematics,
  jets,
  makeImages,
  memorySource,
  namedRecipe,
  random,
} from '@jetsdk/jets';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { selectBackend } from '../../backend/select.js';
import { digest } from '../../compare.testing.js';
import { fit } from '../../fit/fit.js';
import { predict } from '../../fit/predict.js';
import { prongImages } from '../../images.testing.js';
import { artifactsOf } from '../../model/artifacts.js';
import { buildNetwork } from '../../networks/buildNetwork.js';
import { zoo } from '../../zoo/index.js';
import { openCache } from './cacheFile.js';
import { type CacheRequest, cachedInputs, cacheFolder, clearCache, listCache } from './inputCache.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jetsdk-cache-'));
  vi.stubEnv('JETSDK_CACHE', join(folder, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const prongs = prongImages(300, 12, 1);
const source = (): JetSource => memorySource(prongs.inputs, { labels: prongs.labels, classes: ['one', 'two'] });

/** A request for jets that a file stands for. */
async function request(change: Partial<CacheRequest> = {}): Promise<CacheRequest> {
  const path = join(folder, 'jets.bin');
  await writeFile(path, 'the jets');
  return { paths: [path], options: {}, form: undefined, open: async () => source(), ...change };
}

const all = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

describe('cachedInputs', () => {
  test('gives the inputs of a source by number, in any order, with labels and classes', async () => {
    const { jets: cached } = await cachedInputs(await request());
    expect(cached.inputs.shape).toEqual([300, 12, 12, 1]);
    expect(await cached.inputs.read(all(300))).toEqual(prongs.inputs.data);
    const [last, first] = [prongs.inputs.data.slice(-144), prongs.inputs.data.slice(0, 144)];
    expect(await cached.inputs.read(Uint32Array.of(299, 0, 299))).toEqual(Float32Array.of(...last, ...first, ...last));
    expect(cached.labels).toEqual(prongs.labels);
    expect(cached.classes).toEqual(['one', 'two']);
    expect(cached.pt).toBeUndefined();
    expect(cached.inputs.range).toEqual(inputRange(prongs.inputs));
    await cached.close();
  });

  test('gives the same jets in the memory of a batch that is used no more, of whatever size that was', async () => {
    const { jets: cached } = await cachedInputs(await request());
    const few = Uint32Array.of(7, 0, 299);
    const fresh = await cached.inputs.read(few);
    for (const length of [100, 3 * 144, 1000]) {
      const memory = new Float32Array(length).fill(5);
      expect(await cached.inputs.read(few, undefined, memory)).toEqual(fresh);
      // it has gone to the thread
      expect(memory.length).toBe(0);
    }
    const shared = new Float32Array(new SharedArrayBuffer(4000)).fill(5);
    expect(await cached.inputs.read(few, undefined, shared)).toEqual(fresh);
    expect(shared[0]).toBe(5);
    await cached.close();
  });

  test('makes images by the recipe, and keeps the pT of jets of constituents', async () => {
    const rng = random(5);
    const momenta = Array.from({ length: 300 }, () => [rng.normal(), rng.normal(), rng.normal()]);
    const cloud = jets(Float32Array.from(momenta.flatMap((p) => [Math.hypot(...p), ...p])), 3);
    const form = namedRecipe('course-30');
    const open = async () => memorySource(cloud, { labels: new Uint8Array(100) });
    const { jets: cached } = await cachedInputs(await request({ open, form }));
    expect(await cached.inputs.read(all(100))).toEqual(makeImages(form, cloud).data);
    expect(cached.pt).toEqual(jetKinematics(cloud).pt);
    await cached.close();
  });

  test('makes them once: again for another recipe, other rows or other content of the file', async () => {
    let opened = 0;
    const open = async () => {
      opened++;
      return source();
    };
    const ask = async (asked: CacheRequest) => {
      const { jets: cached } = await cachedInputs(asked);
      await cached.close();
      return opened;
    };
    const fixed = await request({ open });
    expect([await ask(fixed), await ask(fixed)]).toEqual([1, 1]);
    expect(await ask({ ...fixed, options: { rows: [1] } })).toBe(2);
    const sum = { format: 'jetsdk-recipe/1', name: 's', steps: [{ step: 'normalise', by: 'sum' }] } as const;
    expect(await ask({ ...fixed, form: sum })).toBe(3);
    await writeFile(fixed.paths[0], 'other jets');
    expect(await ask(fixed)).toBe(4);
    expect(await listCache()).toHaveLength(4);
    expect(await clearCache()).toHaveLength(4);
    expect(await readdir(cacheFolder())).toEqual([]);
  });

  test('is read on when it is removed meanwhile, and says so when it is closed', async () => {
    const { jets: cached } = await cachedInputs(await request());
    await clearCache();
    expect(await cached.inputs.read(all(300))).toEqual(prongs.inputs.data);
    await cached.close();
    await expect(cached.inputs.read(all(1))).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
  });

  test('a training that reads by number ends with the weights of one in memory, bit for bit', async () => {
    await selectBackend('wasm', { threads: 1 });
    const { jets: cached } = await cachedInputs(await request());
    const settings = { batchSize: 64, epochs: 2, patience: 2, learningRate: 3e-3, seed: 5 };
    const augmentation = { flip: ['eta'], rotate: 20, shift: 1, smear: 0.1 } as const;
    const trained = async (inputs: typeof prongs.inputs | typeof cached.inputs) => {
      const model = await buildNetwork(zoo['course-cnn'], { inputShape: [12, 12, 1], seed: 3 });
      const examples = { inputs, labels: prongs.labels };
      const { history } = await fit(model, examples, { ...settings, augmentation, validation: examples });
      const weights = digest(await artifactsOf(model));
      const scores = await predict(model, inputs);
      model.dispose();
      return { weights, scores, losses: history.map(({ loss, valLoss }) => [loss, valLoss]) };
    };
    expect(await trained(cached.inputs)).toEqual(await trained(prongs.inputs));
    await cached.close();
  });
});

describe('bad input of cachedInputs', () => {
  const made = async () => {
    const asked = await request();
    const { jets: cached } = await cachedInputs(asked);
    await cached.close();
    return { asked, path: cached.path, bytes: await readFile(cached.path) };
  };

  test.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
    ['empty', () => Buffer.alloc(0), /0 bytes without an end/],
    ['cut in the middle', (bytes) => bytes.subarray(0, bytes.length / 2), /without an end/],
    ['cut by a byte', (bytes) => bytes.subarray(0, -1), /without an end/],
    [
      'of another version',
      (bytes) => Buffer.from(bytes.toString('latin1').replace('inputs/2', 'inputs/1'), 'latin1'),
      /another version.*expected jetsdk-inputs\/2/,
    ],
    ['changed in one bit', (bytes) => bytes.map((byte, i) => (i === 1000 ? byte ^ 1 : byte)) as Buffer, /SHA-256/],
    ['without some of its jets', (bytes) => Buffer.concat([bytes.subarray(0, 8), bytes.subarray(12)]), /bytes of jets/],
  ])('refuses a cache that is %s, says how to remove it, and leaves it as it is', async (_, damage, message) => {
    const { asked, path, bytes } = await made();
    const damaged = damage(bytes);
    await writeFile(path, damaged);
    const refused = expect(cachedInputs(asked)).rejects;
    await refused.toMatchObject({ code: 'BAD_FILE', message: expect.stringMatching(message) });
    await expect(cachedInputs(asked)).rejects.toThrow('remove it (jetsdk data cache --clear)');
    expect(await readFile(path)).toEqual(damaged);
  });

  test('refuses a cache under the name of another one', async () => {
    const { path } = await made();
    await expect(openCache(path, 'a'.repeat(64))).rejects.toMatchObject({ code: 'BAD_FILE' });
  });

  test('a full disk is an error that says what to do, and leaves nothing behind and old caches alone', async () => {
    const { path, bytes } = await made();
    const probe = await open(path);
    const handle = Object.getPrototypeOf(probe);
    await probe.close();
    const write = handle.writeFile;
    let writes = 0;
    vi.spyOn(handle, 'writeFile').mockImplementation(function (this: unknown, content: unknown) {
      if (++writes < 2) return write.call(this, content);
      return Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' }));
    });
    await expect(cachedInputs(await request({ options: { other: 1 } }))).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(/no space left.*JETSDK_CACHE names another folder.*--clear/),
    });
    expect(await readdir(cacheFolder())).toHaveLength(1);
    expect(await readFile(path)).toEqual(bytes);
  });

  test('a file that changes while it is read is refused, and nothing is kept', async () => {
    const asked = await request();
    const changing = async (): Promise<JetSource> => ({
      ...source(),
      async read(start, stop) {
        await writeFile(asked.paths[0], 'more', { flag: 'a' });
        return source().read(start, stop);
      },
    });
    await expect(cachedInputs({ ...asked, open: changing })).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('changed while it was read'),
    });
    expect(await listCache()).toEqual([]);
  });

  test('jets without labels, and numbers that are not finite, are refused by name', async () => {
    const bare = async () => memorySource(prongs.inputs, { name: 'bare.h5' });
    await expect(cachedInputs(await request({ open: bare }))).rejects.toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringContaining('bare.h5: got 300 jets without labels'),
    });
    const data = prongs.inputs.data.slice();
    data[7 * 144 + 3] = Number.NaN;
    const bad = async () => memorySource(jetImages(data, [12, 12, 1]), { labels: prongs.labels });
    await expect(cachedInputs(await request({ open: bad }))).rejects.toMatchObject({
      code: 'NOT_FINITE',
      details: { jet: 7 },
    });
    expect(await listCache()).toEqual([]);
  });

  test('a cache that is cut while it is read is an error', async () => {
    const { jets: cached } = await cachedInputs(await request());
    await writeFile(cached.path, 'JETINPT1');
    await expect(cached.inputs.read(all(300))).rejects.toMatchObject({ code: 'BAD_FILE' });
    await cached.close();
  });
});
