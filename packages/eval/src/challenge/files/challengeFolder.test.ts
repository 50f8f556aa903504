import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJetError, jetImages, memorySource } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { writeNpy } from '@jetsdk/jets/npy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { npy, toyLabels, toyScores } from '../challenge.testing.js';
import { openChallenge, openSecret } from './challengeFolder.js';
import { initChallenge } from './initChallenge.js';
import { publicBoardOfFolder, rankFolder } from './rankFolder.js';
import { readSubmissions, submit } from './submissionFolder.js';

const labels = toyLabels(300);
/** Each jet carries its row number, so that it can be recognised after the shuffle. */
const images = jetImages(
  Float32Array.from({ length: 300 * 4 }, (_, i) => Math.floor(i / 4)),
  [2, 2, 1],
);
const source = memorySource(images, { labels, name: 'toy' });
const quick = { replicas: 20 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jetsdk-challenge-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const codeFrom = async (run: () => unknown): Promise<unknown> => {
  try {
    await run();
  } catch (error) {
    return isJetError(error) ? error.code : error;
  }
  return 'nothing thrown';
};
const at = (...parts: string[]): string => join(folder, ...parts);

describe('initChallenge', () => {
  it('hands out the jets in another order without labels, and keeps the labels apart', async () => {
    const manifest = await initChallenge(at('c'), source, { seed: 'kept', name: 'toys' });
    expect(manifest).toMatchObject({ name: 'toys', count: 300, kind: 'images', jetShape: [2, 2, 1] });
    expect(readdirSync(at('c')).sort()).toEqual(['public', 'secret', 'submissions']);
    expect(readdirSync(at('c', 'public')).sort()).toEqual([
      'README.md',
      'challenge.json',
      'example__random.npy',
      'ids.csv',
      'jets.h5',
    ]);
    const open = openChallenge(at('c'));
    const { labels: secret } = openSecret(at('c'), open);
    const jets = await openJets(at('c', 'public', 'jets.h5'));
    expect(await jets.labels()).toBeUndefined();
    expect(await jets.ids?.()).toEqual(Array.from({ length: 300 }, (_, i) => open.jets.id(i)));
    const rows = (await jets.read(0, 300)).data.filter((_, i) => i % 4 === 0);
    jets.close();
    expect([...rows]).not.toEqual([...rows].sort((a, b) => a - b));
    expect([...secret]).toEqual(Array.from(rows, (row) => labels[row]));
  });

  it('gives the same challenge for the same seed, and another one without', async () => {
    const first = await initChallenge(at('a'), source, { seed: 's', name: 'n' });
    const { jets, commitment } = first;
    // HDF5 notes the time of writing, so the bytes of that file differ, and so does what is committed to
    const second = await initChallenge(at('b'), source, { seed: 's', name: 'n' });
    expect({ ...second, jets, commitment }).toEqual(first);
    const marks = (name: string): Buffer => readFileSync(at(name, 'secret', 'labels.npy'));
    expect(marks('a')).toEqual(marks('b'));
    expect((await initChallenge(at('c'), source, { name: 'n' })).commitment).not.toBe(first.commitment);
  });

  it('leaves nothing behind when it fails', async () => {
    expect(await codeFrom(() => initChallenge(at('c'), memorySource(images)))).toBe('BAD_DATASET');
    const broken = { ...source, read: async () => Promise.reject(new Error('disk')) };
    await expect(initChallenge(at('c'), broken)).rejects.toThrow('disk');
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(at('file'), '');
    expect(await codeFrom(() => initChallenge(folder, source))).toBe('BAD_ARGUMENT');
  });
});

describe('openChallenge', () => {
  it('opens the public part by itself, and tells the organiser from the participant', async () => {
    await initChallenge(at('c'), source);
    const open = openChallenge(at('c', 'public'));
    expect(open.jets.count).toBe(300);
    expect(await codeFrom(() => openSecret(at('c', 'public'), open))).toBe('FILE_NOT_FOUND');
    expect(await codeFrom(() => openChallenge(folder))).toBe('FILE_NOT_FOUND');
  });

  it.each([
    ['the ids', ['public', 'ids.csv']],
    ['the labels', ['secret', 'labels.npy']],
    ['the boards', ['secret', 'board.npy']],
    ['the secret', ['secret', 'secret.json']],
  ])('notices that %s were changed', async (_, path) => {
    await initChallenge(at('c'), source);
    const file = at('c', ...path);
    const bytes = readFileSync(file);
    bytes[bytes.length - 2] ^= 1;
    writeFileSync(file, bytes);
    expect(await codeFrom(() => openSecret(at('c'), openChallenge(at('c'))))).toBe('BAD_FILE');
  });
});

describe('submit', () => {
  it('puts a checked file beside its receipt, up to the limit of the group', async () => {
    await initChallenge(at('c'), source, { rules: { limitPerGroup: 2 } });
    const { jets, manifest } = openChallenge(at('c'));
    const send = (name: string, as?: string): unknown =>
      submit(at(name), at('c', 'submissions'), jets, manifest.rules, {
        now: new Date(1e12),
        ...(as === undefined ? {} : { as }),
      });
    writeFileSync(at('mine.npy'), npy(new Float32Array(300).fill(0.5)));
    writeFileSync(at('a__short.npy'), npy(new Float32Array(299)));
    const sent = await send('mine.npy', 'a__1');
    expect(sent).toMatchObject({
      group: 'a',
      network: '1',
      flags: [{ code: 'constant' }],
      receipt: { file: 'a__1.npy' },
    });
    expect(readdirSync(at('c', 'submissions')).sort()).toEqual(['a__1.npy', 'a__1.npy.receipt.json']);
    expect(await send('mine.npy', 'a__1')).toMatchObject({ receipt: { submitted: new Date(1e12).toISOString() } });
    writeFileSync(at('other.npy'), npy(new Float32Array(300).fill(0.25)));
    expect(await codeFrom(() => send('other.npy', 'a__1'))).toBe('BAD_ARGUMENT');
    expect(await codeFrom(() => send('a__short.npy'))).toBe('SHAPE_MISMATCH');
    expect(await codeFrom(() => send('mine.npy', '../a__2'))).toBe('BAD_ARGUMENT');
    expect(await codeFrom(() => send('none.npy', 'a__2'))).toBe('FILE_NOT_FOUND');
    await send('mine.npy', 'A__2');
    expect(await codeFrom(() => send('mine.npy', 'a__3'))).toBe('BAD_ARGUMENT');
    const { entries } = readSubmissions(at('c', 'submissions'), jets);
    expect(entries.map(({ submitted }) => submitted)).toEqual([1e12, 1e12]);
  });
});

describe('rankFolder', () => {
  const write = (name: string, content: Uint8Array | string, seconds = 1000): void => {
    writeFileSync(at(name), content);
    utimesSync(at(name), seconds, seconds);
  };

  it('ranks by labels alone, rejects with reasons and never ranks the labels themselves', async () => {
    write('labels.npy', writeNpy({ dtype: 'uint8', shape: [300], data: labels }));
    write('a__x.npy', npy(toyScores(labels, 1.5, 1)));
    write('b__x.csv', `id,score\n${[...toyScores(labels, 0.7, 2)].map((s, i) => `${i},${s}`).join('\n')}`);
    write('c__x.npy', npy(new Float32Array(299)));
    write('d__x.npy', npy(new Float32Array(300).fill(Number.NaN)));
    write('notes.txt', 'hello');
    write('.hidden', 'hello');
    // what jetsdk score writes beside scores is no submission
    write('a__x.npy.json', '{}');
    write('f__x.json', '{}');
    symlinkSync(at('a__x.npy'), at('e__link.npy'));
    const board = await rankFolder(folder, { labels: at('labels.npy') }, quick);
    expect(board.leaderboard.map(({ file }) => file)).toEqual(['a__x.npy', 'b__x.csv']);
    expect(board.rejected.map(({ file }) => file)).toEqual([
      'c__x.npy',
      'd__x.npy',
      'e__link.npy',
      'f__x.json',
      'notes.txt',
    ]);
    expect(board.rejected[0].reason).toContain('(299,); expected (300,)');
    expect(board.board).toBe('all');
    expect(await rankFolder(folder, { labels: at('labels.npy') }, quick)).toEqual(board);
  });

  it('matches CSV by ids, in any order of the lines', async () => {
    const ids = Array.from(labels, (_, i) => `j${(i * 7) % 300}`);
    write('labels.npy', writeNpy({ dtype: 'int64', shape: [300], data: BigInt64Array.from(labels, BigInt) }));
    write('ids.npy', writeNpy({ dtype: 'string', shape: [300], data: ids }));
    write('ids.csv', `id\n${ids.join('\n')}\n`);
    const scores = toyScores(labels, 1.5, 1);
    const lines = [...scores].map((s, i) => `${ids[i]},${s}`).reverse();
    write('a__x.csv', `id,label\n${lines.join('\n')}\n`);
    write('a__y.npy', npy(scores));
    for (const file of ['ids.npy', 'ids.csv']) {
      const truth = { labels: at('labels.npy'), ids: at(file) };
      const { leaderboard } = await rankFolder(folder, truth, quick);
      expect(leaderboard.map(({ auc }) => auc)).toEqual([leaderboard[0].auc, leaderboard[0].auc]);
    }
    write('ids.csv', 'id\nj1\n');
    expect(await codeFrom(() => rankFolder(folder, { labels: at('labels.npy'), ids: at('ids.csv') }))).toBe(
      'SHAPE_MISMATCH',
    );
  });

  it('ranks a challenge on its private board, and shows the public one through the Ladder', async () => {
    await initChallenge(at('c'), source, {
      seed: 'boards',
      publicFraction: 0.4,
      rules: { metric: 'rejection', signalEfficiency: 0.5 },
    });
    const { labels: secret } = openSecret(at('c'), openChallenge(at('c')));
    const sent = at('c', 'submissions');
    writeFileSync(join(sent, 'a__x.npy'), npy(toyScores(secret, 1, 1)));
    writeFileSync(join(sent, 'b__x.npy'), npy(toyScores(secret, 0.4, 2)));
    const jetsOn = async (board: 'all' | 'public' | 'private'): Promise<number> =>
      (await rankFolder(sent, { challenge: at('c') }, { ...quick, board })).jets;
    expect((await jetsOn('public')) + (await jetsOn('private'))).toBe(await jetsOn('all'));
    const board = await rankFolder(sent, { challenge: at('c') }, quick);
    expect(board.board).toBe('private');
    expect(board.rules).toMatchObject({ metric: 'rejection', signalEfficiency: 0.5 });
    expect(board.leaderboard[0].rejection.map(({ signalEfficiency }) => signalEfficiency)).toContain(0.5);
    const shown = await publicBoardOfFolder(sent, at('c'), 0.02);
    expect(shown.leaderboard.map(({ group }) => group)).toEqual(['a', 'b']);
    expect(await codeFrom(() => rankFolder(sent, { challenge: at('none') }))).toBe('FILE_NOT_FOUND');
    expect(await codeFrom(() => rankFolder(at('none'), { challenge: at('c') }))).toBe('FILE_NOT_FOUND');
  });

  it('takes the time of a receipt before that of the file, unless the file was changed since', async () => {
    await initChallenge(at('c'), source);
    const { jets, manifest } = openChallenge(at('c'));
    writeFileSync(at('a__x.npy'), npy(toyScores(labels, 1, 1)));
    await submit(at('a__x.npy'), at('s'), jets, manifest.rules, { now: new Date(5000) });
    expect(readSubmissions(at('s'), jets).entries[0]).toMatchObject({ submitted: 5000 });
    writeFileSync(at('s', 'a__x.npy'), npy(toyScores(labels, 1, 2)));
    utimesSync(at('s', 'a__x.npy'), 9, 9);
    expect(readSubmissions(at('s'), jets).entries[0]).toMatchObject({
      submitted: 9000,
      flags: [{ code: 'changed-after-receipt' }],
    });
  });

  it('keeps labels out of every message and result', async () => {
    await initChallenge(at('c'), source);
    const { labels: secret } = openSecret(at('c'), openChallenge(at('c')));
    const sent = at('c', 'submissions');
    const junk = ['a__1.npy', 'a__2.npz', 'a__3.csv', 'a__4.csv', 'nothing.txt'];
    for (const [i, name] of junk.entries()) writeFileSync(join(sent, name), 'id,score\n'.repeat(i));
    writeFileSync(join(sent, 'b__1.npy'), npy(Float32Array.from(secret)));
    const flipped = Uint8Array.from(secret, (label) => 1 - label);
    const reasons = await Promise.all(
      [secret, flipped].map(async (data, i) => {
        write(`labels${i}.npy`, writeNpy({ dtype: 'uint8', shape: [300], data }));
        const truth = { labels: at(`labels${i}.npy`), ids: at('c', 'public', 'ids.csv') };
        return (await rankFolder(sent, truth, quick)).rejected;
      }),
    );
    expect(reasons[0]).toHaveLength(5);
    expect(reasons[1]).toEqual(reasons[0]);
    const text = JSON.stringify(await rankFolder(sent, { challenge: at('c') }, quick));
    for (const marks of [secret, flipped])
      for (const run of [
        marks.join(','),
        marks.join(''),
        marks.slice(0, 12).join(','),
        marks.slice(0, 12).join(''),
        marks.slice(0, 12).join(' '),
      ])
        expect(text).not.toContain(run);
  });
});
