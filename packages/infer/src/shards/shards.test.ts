import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
// the built package: worker threads run built files
import { loadTagger, type Tagger } from '@jetsdk/infer';
import {
  describeData,
  mergeShards,
  parseShard,
  scoreRows,
  scoreShard,
  shardRange,
  writeScores,
} from '@jetsdk/infer/shards';
import { readScores } from '@jetsdk/jets/files';
import { readNpy } from '@jetsdk/jets/npy';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, fixture, fixtureImages } from '../testing/fixtures.testing.js';
import { imageFiles, temporaryFolder } from './shards.testing.js';

let tagger: Tagger;
let otherModel: Tagger;
beforeAll(async () => {
  tagger = await loadTagger(fixture('scoreNhwc'), { device: 'cpu', threads: 2 });
  otherModel = await loadTagger(fixture('fixedBatch'), { device: 'cpu', threads: 1 });
});
afterAll(async () => {
  await tagger.dispose();
  await otherModel.dispose();
});

/** Scores every shard. */
async function scoreAll(paths: readonly string[], of: number, output: string, by = tagger) {
  const results = [];
  for (let index = 0; index < of; index++) results.push(await scoreShard(by, paths, { index, of }, output));
  return results;
}

describe('shardRange', () => {
  it('covers every jet once, in order, in parts that differ by at most one', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000_000 }), fc.integer({ min: 1, max: 500 }), (jets, of) => {
        const ranges = Array.from({ length: of }, (_, index) => shardRange(jets, { index, of }));
        const sizes = ranges.map(({ start, stop }) => stop - start);
        expect(ranges[0].start).toBe(0);
        expect(ranges.at(-1)!.stop).toBe(jets);
        expect(ranges.slice(1).map(({ start }) => start)).toEqual(ranges.slice(0, -1).map(({ stop }) => stop));
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('refuses shards that there are not', async () => {
    expect(parseShard('3/100')).toEqual({ index: 3, of: 100 });
    for (const text of ['3/3', '-1/3', '1', '1/0', 'a/b', '1/9999999', '1.5/3', ''])
      expect((await failure((async () => parseShard(text))())).code).toBe('BAD_ARGUMENT');
  });
});

describe('scoreShard and mergeShards', () => {
  it.each([1, 3, 8, 200])('%i shards of 157 jets in three files give the scores of one run', async (of) => {
    const folder = temporaryFolder();
    const output = join(folder, 'scores.npy');
    await scoreAll(imageFiles(folder, 70, 1, 86), of, output);
    const merged = await mergeShards(output);
    expect(merged).toMatchObject({ jets: 157, shards: of });
    expect(await readScores(output)).toEqual(await tagger.score(fixtureImages(157)));
  });

  it('writes the same bytes again, and leaves finished shards alone', async () => {
    const folder = temporaryFolder();
    const output = join(folder, 'scores.npy');
    const paths = imageFiles(folder, 50);
    const [first] = await scoreAll(paths, 3, output);
    const bytes = readFileSync(first!.path);
    const { mtimeMs } = statSync(first!.path);
    expect((await scoreAll(paths, 3, output)).map(({ skipped }) => skipped)).toEqual([true, true, true]);
    expect(statSync(first!.path).mtimeMs).toBe(mtimeMs);
    rmSync(first!.path);
    expect(await scoreShard(tagger, paths, { index: 0, of: 3 }, output)).toMatchObject({
      skipped: false,
      start: 0,
      stop: 17,
    });
    expect(readFileSync(first!.path)).toEqual(bytes);
  });

  it.each([
    ['cut off', (path: string) => truncateSync(path, 150)],
    ['longer', (path: string) => writeFileSync(path, 'x', { flag: 'a' })],
    [
      'changed in one byte',
      (path: string) => {
        const bytes = readFileSync(path);
        bytes[140] ^= 1;
        writeFileSync(path, bytes);
      },
    ],
    ['without its manifest', (path: string) => rmSync(path.replace(/npy$/, 'json'))],
    ['with half a manifest', (path: string) => truncateSync(path.replace(/npy$/, 'json'), 100)],
  ])('a shard that is %s is refused by merge and made again', async (_, damage) => {
    const folder = temporaryFolder();
    const output = join(folder, 'scores.npy');
    const paths = imageFiles(folder, 50);
    const [, shard] = await scoreAll(paths, 2, output);
    damage(shard!.path);
    const refused = await failure(mergeShards(output));
    expect(['BAD_FILE', 'FILE_NOT_FOUND']).toContain(refused.code);
    expect(existsSync(output)).toBe(false);
    expect((await scoreAll(paths, 2, output)).map(({ skipped }) => skipped)).toEqual([true, false]);
    await mergeShards(output);
    expect(await readScores(output)).toEqual(await tagger.score(fixtureImages(50)));
  });

  it('merge names every shard that is damaged, and leaves what was merged before', async () => {
    const folder = temporaryFolder();
    const output = join(folder, 'scores.npy');
    const paths = imageFiles(folder, 50);
    const shards = await scoreAll(paths, 12, output);
    await mergeShards(output);
    const merged = readFileSync(output);
    rmSync(shards[2].path);
    truncateSync(shards[5].path, 130);
    writeFileSync(shards[9].path, 'x', { flag: 'a' });
    expect(await failure(mergeShards(output))).toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: expect.stringMatching(
        /3 of 12 shards cannot be merged: 2, 5, 9; shard 2: there is no .*score them again/,
      ),
    });
    for (const i of [3, 4]) writeFileSync(shards[i].path.replace(/npy$/, 'json'), '{}');
    expect(await failure(mergeShards(output))).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('2 of 12 shards cannot be merged: 3, 4; shard 3: '),
    });
    expect(readFileSync(output)).toEqual(merged);
  });

  it('merge refuses scores that are no numbers, whatever their manifest says', async () => {
    const folder = temporaryFolder();
    const output = join(folder, 'scores.npy');
    const shards = await scoreAll(imageFiles(folder, 50), 5, output);
    const { path } = shards[3];
    const bytes = readFileSync(path);
    bytes.writeFloatLE(Number.NaN, 128 + 4 * 7);
    writeFileSync(path, bytes);
    const manifest = JSON.parse(readFileSync(path.replace(/npy$/, 'json'), 'utf8')) as { scores: { sha256: string } };
    manifest.scores.sha256 = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(path.replace(/npy$/, 'json'), JSON.stringify(manifest));
    expect(await failure(mergeShards(output))).toEqual({
      code: 'NOT_FINITE',
      message: expect.stringMatching(/1 of 5 shards cannot be merged: 3; shard 3: .*score 7 is NaN; remove the file/),
    });
    expect(existsSync(output)).toBe(false);
  });

  it('merge takes what most shards were made of, and names the others', async () => {
    const folder = temporaryFolder();
    const output = join(folder, 'scores.npy');
    const paths = imageFiles(folder, 50);
    await scoreAll(paths, 5, output);
    await scoreShard(otherModel, paths, { index: 0, of: 5 }, output);
    expect(await failure(mergeShards(output))).toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringContaining('1 of 5 shards cannot be merged: 0; shard 0: '),
    });
  });

  it('another model or other data makes a shard again, and merge refuses the mixture', async () => {
    const folder = temporaryFolder();
    const output = join(folder, 'scores.npy');
    const paths = imageFiles(folder, 50, 20);
    await scoreAll(paths, 2, output);
    expect(await scoreShard(otherModel, paths, { index: 1, of: 2 }, output)).toMatchObject({ skipped: false });
    expect(await failure(mergeShards(output))).toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringMatching(/1 of 2 shards cannot be merged: 1; shard 1: .*SHA-256/),
    });
    expect((await scoreAll(paths, 2, output)).map(({ skipped }) => skipped)).toEqual([true, false]);

    const swapped = [...paths].reverse();
    await scoreShard(tagger, swapped, { index: 1, of: 2 }, output);
    expect(await failure(mergeShards(output))).toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringContaining('number 1'),
    });
    await scoreAll(paths, 2, output);

    const bytes = readFileSync(paths[1]);
    bytes[1000] ^= 1;
    writeFileSync(paths[1], bytes);
    expect((await scoreAll(paths, 2, output)).map(({ skipped }) => skipped)).toEqual([false, false]);
  });

  it('merge names the shards that are missing, and other numbers of shards', async () => {
    const folder = temporaryFolder();
    const output = join(folder, 'scores.npy');
    const paths = imageFiles(folder, 50);
    expect(await failure(mergeShards(output))).toMatchObject({ code: 'FILE_NOT_FOUND' });
    const shards = await scoreAll(paths, 12, output);
    for (const i of [3, 10]) rmSync(shards[i].path.replace(/npy$/, 'json'));
    expect(await failure(mergeShards(output))).toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: expect.stringContaining('2 of 12 shards are missing: 3, 10'),
    });
    for (const name of ['scores.shard-1-of-12.json', 'scores.shard-0-of-99999999.json', 'other.shard-0-of-7.json'])
      writeFileSync(join(folder, name), '{}');
    expect((await failure(mergeShards(output))).message).toContain('2 of 12 shards');
    await scoreShard(tagger, paths, { index: 0, of: 5 }, output);
    expect(await failure(mergeShards(output))).toMatchObject({
      message: expect.stringContaining('shards of 5 and of 12'),
    });
  });

  it('a cancelled shard leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const stop = new AbortController();
    stop.abort();
    const work = scoreShard(tagger, imageFiles(folder, 50), { index: 0, of: 2 }, join(folder, 's.npy'), {
      signal: stop.signal,
    });
    expect((await failure(work)).code).toBe('CANCELLED');
    expect(readdirSync(folder)).toEqual(['jets-0.npy']);
  });

  it('a job that is killed while it writes leaves no shard; the next one makes it', async () => {
    const folder = temporaryFolder();
    const output = join(folder, 'scores.npy');
    const paths = imageFiles(folder, 50);
    const script = `
      import { loadTagger } from '@jetsdk/infer';
      import { scoreShard } from '@jetsdk/infer/shards';
      const tagger = await loadTagger(${JSON.stringify(new URL('../../fixtures/scoreNhwc.onnx', import.meta.url).href)}, { device: 'cpu', threads: 1 });
      const slow = { ...tagger, async *scoreStream(x) {
        for await (const batch of tagger.scoreStream(x)) {
          yield { start: 0, scores: batch.scores.subarray(0, 5) };
          console.log('writing');
          await new Promise((resolve) => setTimeout(resolve, 60_000));
        }
      } };
      await scoreShard(slow, ${JSON.stringify(paths)}, { index: 0, of: 2 }, ${JSON.stringify(output)});`;
    const job = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: import.meta.dirname });
    await new Promise((resolve) => job.stdout.once('data', resolve));
    const ended = new Promise((resolve) => job.once('exit', resolve));
    job.kill('SIGKILL');
    await ended;
    const left = readdirSync(folder).filter((name) => !paths.map((path) => basename(path)).includes(name));
    expect(left).toEqual([expect.stringMatching(/^\..*\.part$/)]);
    expect((await scoreAll(paths, 2, output)).map(({ skipped }) => skipped)).toEqual([false, false]);
    await mergeShards(output);
    expect(await readScores(output)).toEqual(await tagger.score(fixtureImages(50)));
  });
});

describe('writeScores', () => {
  it('writes a strict .npy file for any number of jets', async () => {
    const folder = temporaryFolder();
    for (const jets of [0, 1, 9, 10, 12345]) {
      const path = join(folder, `${jets}.npy`);
      const scores = Float32Array.from({ length: jets }, (_, i) => i / 7);
      const { bytes } = await writeScores(
        path,
        jets,
        (async function* () {
          yield { start: 0, scores: scores.subarray(0, 4) };
          yield { start: Math.min(4, jets), scores: scores.subarray(4) };
        })(),
      );
      const file = readFileSync(path);
      expect(file.length).toBe(bytes);
      expect(readNpy(file)).toMatchObject({ shape: [jets], dtype: 'float32', data: scores });
      expect((bytes - 4 * jets) % 64).toBe(0);
    }
  });

  it('leaves nothing where scores are missing', async () => {
    const folder = temporaryFolder();
    const one = (async function* () {
      yield { start: 0, scores: new Float32Array(1) };
    })();
    expect(await failure(writeScores(join(folder, 's.npy'), 2, one))).toMatchObject({ code: 'SHAPE_MISMATCH' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

it('describeData tells files apart by blocks from end to end', async () => {
  const folder = temporaryFolder();
  const [path] = imageFiles(folder, 12_000) as [string];
  const [before] = await describeData([path]);
  expect(before).toMatchObject({ name: 'jets-0.npy', jets: 12_000, bytes: statSync(path).size });
  const bytes = readFileSync(path);
  expect(bytes.length).toBeGreaterThan(2 ** 22);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(path, bytes);
  expect((await describeData([path]))[0].fingerprint).not.toBe(before!.fingerprint);
  expect((await failure(describeData([]))).code).toBe('BAD_ARGUMENT');
});

describe('scoreRows', () => {
  it('writes the scores of the jets that are chosen of each file, and says which and how many of all', async () => {
    const folder = temporaryFolder();
    const output = join(folder, 'scores.npy');
    const seen: unknown[] = [];
    const scored = await scoreRows(tagger, imageFiles(folder, 30, 20), output, {
      choose: async (path) => (path.endsWith('-0.npy') ? Uint32Array.of(2, 29) : Uint32Array.of(0, 5, 19)),
      onProgress: (progress) => seen.push(progress),
    });
    const rows = [2, 29, 30, 35, 49];
    expect(scored).toEqual({ jets: 5, of: 50, rows: Uint32Array.from(rows) });
    const all = await tagger.score(fixtureImages(50));
    expect(await readScores(output)).toEqual(Float32Array.from(rows, (row) => all[row]));
    expect(seen.at(-1)).toEqual({ done: 5, total: 5 });
  });

  it('writes the probabilities of all classes', async () => {
    const folder = temporaryFolder();
    const output = join(folder, 'all.npy');
    expect(await scoreRows(tagger, imageFiles(folder, 7, 3), output, { allOutputs: true })).toEqual({
      jets: 10,
      of: 10,
    });
    const { shape, data } = await tagger.probabilities(fixtureImages(10));
    expect(readNpy(readFileSync(output))).toMatchObject({ shape, data });
  });

  it('leaves nothing where a file cannot be read', async () => {
    const folder = temporaryFolder();
    const output = join(folder, 'scores.npy');
    const paths = [...imageFiles(folder, 5), join(folder, 'none.npy')];
    expect((await failure(scoreRows(tagger, paths, output))).code).toBe('FILE_NOT_FOUND');
    expect(existsSync(output)).toBe(false);
  });
});
