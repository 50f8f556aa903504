import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTagger } from '@jetsdk/infer';
import { jetImages } from '@jetsdk/jets';
import { openJets, readScores } from '@jetsdk/jets/files';
import { writeNpy } from '@jetsdk/jets/npy';
import type { Command } from 'commander';
import { beforeEach, describe, expect, it } from 'vitest';
import { useCommands } from './command.testing.js';
import { addMerge } from './merge.js';
import { addScore } from './score.js';

const model = join(import.meta.dirname, '../../../infer/fixtures/scoreNhwc.onnx');
const pixels = Float32Array.from({ length: 90 * 144 }, (_, i) => (i % 7 === 0 ? Math.sin(i) ** 2 : 0));
const images = jetImages(pixels, [12, 12, 1]);
const { at, call } = useCommands();
let stderr: string;

beforeEach(() => {
  writeFileSync(at('a.npy'), writeNpy({ dtype: 'float32', shape: [60, 12, 12, 1], data: pixels.slice(0, 60 * 144) }));
  writeFileSync(at('b.npy'), writeNpy({ dtype: 'float32', shape: [30, 12, 12, 1], data: pixels.slice(60 * 144) }));
});

async function run(add: (command: Command) => void, ...args: string[]): Promise<string> {
  const called = await call(add, ...args);
  ({ stderr } = called);
  return called.outcome;
}

const score = (...args: string[]): Promise<string> =>
  run(addScore, model, at('a.npy'), at('b.npy'), '-o', at('scores.npy'), '--threads', '1', ...args);

async function expected(): Promise<Float32Array> {
  await using tagger = await loadTagger(model, { device: 'cpu', threads: 1 });
  return await tagger.score(images);
}

describe('jetsdk score and merge', () => {
  it('several files are one list of jets', async () => {
    expect(await score()).toBe('done');
    expect(stderr).toContain('90 scores');
    expect(await readScores(at('scores.npy'))).toEqual(await expected());
  });

  it('shards are merged into the scores of one run; a finished one is left alone', async () => {
    for (const i of [0, 1, 2]) expect(await score('--shard', `${i}/4`)).toBe('done');
    expect(await run(addMerge, at('scores.npy'))).toMatch('FILE_NOT_FOUND');
    expect(await score('--shard', '3/4')).toBe('done');
    expect(await score('--shard', '3/4')).toBe('done');
    expect(stderr).toContain('there already');
    expect(await run(addMerge, at('scores.npy'))).toBe('done');
    expect(stderr).toContain('90 scores of 4 shards');
    expect(await readScores(at('scores.npy'))).toEqual(await expected());
    expect(await score('--shard', '4/4')).toMatch('BAD_ARGUMENT');
  });
});

describe('jetsdk score --layout', () => {
  const repository = join(import.meta.dirname, '../../../..');
  const tagged = join(repository, 'models/course-cnn/model.onnx');
  const file = join(repository, 'packages/jets/fixtures/counted-zlib.root');
  const layout = { unit: 'MeV', columns: { pt: 'cst_pt', eta: 'cst_eta', phi: 'cst_phi', mass: 'cst_m' } } as const;
  const write = (constituents: number): void =>
    writeFileSync(at('layout.json'), JSON.stringify({ ...layout, constituents }));
  const scored = (...args: string[]): Promise<string> =>
    run(addScore, tagged, file, '--layout', at('layout.json'), '-o', at('scores.npy'), '--threads', '1', ...args);

  it('scores a tree of its own by a JSON file', async () => {
    write(5);
    expect(await scored()).toBe('done');
    await using tagger = await loadTagger(tagged, { device: 'cpu', threads: 1 });
    const source = await openJets(file, { layout: { ...layout, constituents: 5 } });
    expect(await readScores(at('scores.npy'))).toEqual(await tagger.score(source));
    source.close();
    expect(await run(addScore, tagged, file, '-o', at('other.npy'))).toMatch(/^BAD_DATASET .*layout/);
  });

  it('makes a shard again that was read in another way', async () => {
    write(5);
    expect(await scored('--shard', '0/2')).toBe('done');
    expect(await scored('--shard', '0/2')).toBe('done');
    expect(stderr).toContain('there already');
    write(2);
    expect(await scored('--shard', '1/2')).toBe('done');
    expect(await run(addMerge, at('scores.npy'))).toMatch(/counted-zlib\.root.*expected the same/);
    expect(await scored('--shard', '0/2')).toBe('done');
    expect(stderr).not.toContain('there already');
    expect(await run(addMerge, at('scores.npy'))).toBe('done');
  });
});

describe('jetsdk serve', () => {
  it('tells its address, serves, and ends in order on SIGTERM', async () => {
    const server = spawn(process.execPath, [
      join(import.meta.dirname, '../../bin/jetsdk.js'),
      ...['serve', model, '--port', '0', '--threads', '1'],
    ]);
    const ended = once(server, 'exit');
    try {
      const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
      expect(line).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v2\/models\/scoreNhwc\n$/);
      await using tagger = await loadTagger(line.trim());
      expect(await tagger.score(images)).toEqual(await expected());
      expect(await run(addScore, line.trim(), at('a.npy'), '-o', at('remote.npy'))).toBe('done');
      expect(await readScores(at('remote.npy'))).toEqual((await expected()).slice(0, 60));
      server.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    } finally {
      server.kill('SIGKILL');
    }
  });
});
