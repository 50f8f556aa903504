import { readFileSync, writeFileSync } from 'node:fs';
import type { Leaderboard } from '@jetsdk/eval/challenge';
import { jetImages } from '@jetsdk/jets';
import { writeJets } from '@jetsdk/jets/files';
import { writeNpy } from '@jetsdk/jets/npy';
import { describe, expect, it } from 'vitest';
import { addChallenge } from './challenge.js';
import { useCommands } from './command.testing.js';

const labels = Uint8Array.from({ length: 400 }, (_, i) => (i % 3 === 0 ? 1 : 0));
/** Every image shows its label with some noise, so that a pixel is a tagger. */
const images = jetImages(
  Float32Array.from(labels, (label, i) => label + 1.5 * Math.sin(i * i)),
  [1, 1, 1],
);
const { at, call } = useCommands();

async function challenge(...args: string[]): Promise<string> {
  const { outcome, stdout } = await call(addChallenge, ...args);
  if (outcome !== 'done') throw new Error(outcome);
  return stdout;
}

/** `done`, or the code of the error. */
const codeOf = async (...args: string[]): Promise<string> => (await call(addChallenge, ...args)).outcome.split(' ')[0];

/** Scores of the challenge's jets, as a participant makes them: from the public file alone. */
async function score(file: string, change: (score: number) => number = (s) => s): Promise<void> {
  const { openJets } = await import('@jetsdk/jets/files');
  const jets = await openJets(at('c', 'public', 'jets.h5'));
  const { data } = await jets.read(0, jets.count);
  jets.close();
  writeFileSync(at(file), writeNpy({ dtype: 'float32', shape: [data.length], data: data.map(change) }));
}

describe('jetsdk challenge', () => {
  it('goes from labelled jets to a leaderboard as table, JSON and page', async () => {
    await writeJets(at('jets.h5'), images, { labels });
    const manifest = JSON.parse(
      await challenge('init', at('jets.h5'), '-o', at('c'), '--seed', 'x', '--limit', '1', '--json'),
    );
    expect(manifest).toMatchObject({ name: 'c', count: 400, rules: { metric: 'auc', limitPerGroup: 1 } });
    await score('good__pixel.npy', (s) => 1 / (1 + Math.exp(-s)));
    await score('bad__turned.npy', (s) => -s);
    await score('good__again.npy', Math.round);
    const ofChallenge = ['--challenge', at('c')];
    expect(await challenge('check', at('good__pixel.npy'), '--challenge', at('c', 'public'))).toContain(
      'good__pixel.npy: accepted, 400 scores of group good, network pixel',
    );
    await score('pixel.npy');
    const alone = await call(addChallenge, 'check', at('pixel.npy'), ...ofChallenge);
    expect(alone.stdout).toContain('of group pixel, network pixel');
    expect(alone.stderr).toContain('no group in its name');
    await challenge('submit', at('good__pixel.npy'), ...ofChallenge);
    await challenge('submit', at('bad__turned.npy'), ...ofChallenge);
    expect(await codeOf('submit', at('good__again.npy'), ...ofChallenge)).toBe('BAD_ARGUMENT');
    writeFileSync(at('c', 'submissions', '<b>__x.npy'), 'junk');

    const rank = ['rank', ...ofChallenge, '--replicas', '30'];
    const board = JSON.parse(await challenge(...rank, '--json', '--report', at('board.html'))) as Leaderboard;
    expect(board.leaderboard.map(({ rank: place, file }) => [place, file])).toEqual([
      [1, 'good__pixel.npy'],
      [2, 'bad__turned.npy'],
    ]);
    expect(board.leaderboard[1]?.flags.map(({ code }) => code)).toEqual([
      'flipped',
      'out-of-range',
      'logits',
      'duplicate',
    ]);
    expect(board.rejected.map(({ file }) => file)).toEqual(['<b>__x.npy']);
    const text = await challenge(...rank);
    expect(text).toMatch(/good +pixel +0\.\d{4} ± 0\.\d{4}/);
    expect(text).toContain('bad__turned.npy: flipped: AUC 0.');
    expect(text).toContain('rejected:\n  <b>__x.npy: ');
    const page = readFileSync(at('board.html'), 'utf8');
    expect(page).toContain('good / pixel');
    expect(page).toMatch(/Sent \(UTC\)<\/span> \d{4}-\d\d-\d\d \d\d:\d\d:\d\d<\/td>/);
    expect(page).toContain('&lt;b&gt;__x.npy');
    expect(page).not.toContain('<b>__x');
    expect(page).toContain('<title>Ranking by AUC: 1. good / pixel 0.');
    await challenge(...rank, '--metric', 'rejection', '--signal-efficiency', '0.5', '--report', at('r.html'));
    expect(readFileSync(at('r.html'), 'utf8')).toMatch(
      /<title>Ranking by 1\/εB at εS = 0\.5: 1\. good \/ pixel \d+\.\d, /,
    );
    expect(await challenge('rank', ...ofChallenge, '--ladder', '0.05')).toMatch(/AUC in steps of 0\.05\n/);
  });

  it('ranks by labels alone', async () => {
    writeFileSync(at('labels.npy'), writeNpy({ dtype: 'uint8', shape: [400], data: labels }));
    writeFileSync(at('ids.csv'), `id\n${Array.from(labels, (_, i) => `j${i}`).join('\n')}\n`);
    writeFileSync(at('a__x.csv'), `id,p\n${[...images.data].map((s, i) => `j${i},${s}`).join('\n')}\n`);
    const truth = ['--submissions', at(), '--labels', at('labels.npy')];
    const { leaderboard, rejected } = JSON.parse(
      await challenge('rank', ...truth, '--ids', at('ids.csv'), '--json', '--replicas', '5'),
    ) as Leaderboard;
    expect(leaderboard.map(({ file }) => file)).toEqual(['a__x.csv']);
    expect(rejected).toEqual([]);
  });

  it('keeps escape sequences in file names from the terminal', async () => {
    writeFileSync(at('labels.npy'), writeNpy({ dtype: 'uint8', shape: [400], data: labels }));
    writeFileSync(at('\u001b[31mred__x.npy'), writeNpy({ dtype: 'float32', shape: [400], data: images.data }));
    writeFileSync(at('\u009b31m__y.npy'), 'junk');
    const text = await challenge('rank', '--submissions', at(), '--labels', at('labels.npy'), '--replicas', '5');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
    expect(text).not.toMatch(/[\u001b\u009b]/);
    expect(text).toContain('red');
  });

  it('refuses a ranking against nothing, or against both', async () => {
    expect(await codeOf('rank', '--submissions', at())).toBe('BAD_ARGUMENT');
    expect(await codeOf('rank', '--challenge', at('c'), '--labels', at('l.npy'))).toBe('BAD_ARGUMENT');
    expect(await codeOf('rank', '--labels', at('l.npy'))).toBe('BAD_ARGUMENT');
    expect(await codeOf('rank', '--labels', at('l.npy'), '--submissions', at())).toBe('FILE_NOT_FOUND');
    expect(await codeOf('check', at('x.npy'), '--challenge', at('c'))).toBe('FILE_NOT_FOUND');
  });
});
