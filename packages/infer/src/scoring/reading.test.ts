import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// the built package: worker threads run built files
import { loadTagger, type Tagger } from '@jetsdk/infer';
import { jets, type Recipe, random } from '@jetsdk/jets';
import { openJets, writeJets } from '@jetsdk/jets/files';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fixture } from '../testing/fixtures.testing.js';

const COUNT = 60_000;
const SLOTS = 5;

const recipe: Recipe = {
  format: 'jetsdk-recipe/1',
  name: 'fixture-12',
  steps: [
    { step: 'centre', on: 'centroid' },
    { step: 'pixelate', pixels: 12, halfWidth: 1, channels: ['pt'] },
    { step: 'normalise', by: 'sum' },
  ],
};

function madeUpJets(seed: number) {
  const { uniform } = random(seed);
  const data = new Float32Array(COUNT * SLOTS * 4);
  for (let i = 0; i < data.length; i += 4) {
    const pt = 1 + 50 * uniform();
    const eta = uniform() - 0.5;
    const phi = uniform() - 0.5;
    data.set([pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)], i);
  }
  return jets(data, SLOTS);
}

describe('a file of jets that the scoring threads read for themselves', () => {
  let folder: string;
  let tagger: Tagger;
  const all = madeUpJets(1);
  const others = madeUpJets(2);
  const path = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jetsdk-reading-'));
    await writeJets(path('all.h5'), all);
    tagger = await loadTagger(fixture('scoreNhwc'), { device: 'cpu', threads: 3, recipe });
  });
  afterAll(async () => {
    await tagger.dispose();
    await rm(folder, { recursive: true });
  });

  it('has the scores of the same jets in memory, in order', async () => {
    const source = await openJets(path('all.h5'));
    const read = vi.spyOn(source, 'read');
    const progress: number[] = [];
    const scores = await tagger.score(source, { onProgress: ({ done }) => progress.push(done) });
    expect(read).not.toHaveBeenCalled();
    expect(scores).toEqual(await tagger.score(all));
    expect(progress.at(-1)).toBe(COUNT);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    source.close();
  });

  it('has the scores of several calls at once', async () => {
    const source = await openJets(path('all.h5'));
    const [first, second, third] = await Promise.all([
      tagger.score(source),
      tagger.score(source),
      tagger.score(others),
    ]);
    expect(first).toEqual(second);
    expect(third).not.toEqual(first);
    source.close();
  });

  it('has the scores of its own rows after another file took its path', async () => {
    await writeJets(path('old.h5'), all);
    await writeJets(path('new.h5'), others);
    const source = await openJets(path('old.h5'));
    await rename(path('new.h5'), path('old.h5'));
    const read = vi.spyOn(source, 'read');
    expect(await tagger.score(source)).toEqual(await tagger.score(all));
    expect(read).toHaveBeenCalled();
    source.close();
  });

  it('says which jet is not finite, as the file does', async () => {
    const data = all.data.slice();
    data[(COUNT - 10) * SLOTS * 4] = Number.POSITIVE_INFINITY;
    await writeJets(path('infinite.h5'), { ...all, data });
    const source = await openJets(path('infinite.h5'));
    await expect(tagger.score(source)).rejects.toMatchObject({
      code: 'NOT_FINITE',
      message: expect.stringContaining(`infinite.h5: jet ${COUNT - 10}`),
    });
    expect(await tagger.score(all)).toHaveLength(COUNT);
    source.close();
  });

  it('says which constituent is no particle, as the file does', async () => {
    const data = all.data.slice();
    data.fill(-1, (COUNT - 10) * SLOTS * 4 + 8, (COUNT - 10) * SLOTS * 4 + 12);
    await writeJets(path('padded.h5'), { ...all, data });
    const source = await openJets(path('padded.h5'));
    await expect(tagger.score(source)).rejects.toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringMatching(
        new RegExp(
          `padded.h5: constituent 2 of jet ${COUNT - 10} is .*where -1 is padding, read the file with --padding -1`,
        ),
      ),
    });
    source.close();
  });

  it('says that the jets do not fit the model', async () => {
    const bare = await loadTagger(fixture('scoreNhwc'), { device: 'cpu', threads: 2 });
    const source = await openJets(path('all.h5'));
    await expect(bare.score(source)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    source.close();
    await bare.dispose();
  });

  it('stops when cancelled, and can be scored again', async () => {
    const source = await openJets(path('all.h5'));
    const stop = new AbortController();
    const work = tagger.score(source, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await tagger.score(source)).toHaveLength(COUNT);
    source.close();
  });

  it('cannot be scored once it is closed', async () => {
    const source = await openJets(path('all.h5'));
    source.close();
    await expect(tagger.score(source)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  it('is scored with as few threads as one', async () => {
    const one = await loadTagger(fixture('scoreNhwc'), { device: 'cpu', threads: 1, recipe });
    const source = await openJets(path('all.h5'));
    expect(await one.score(source)).toEqual(await tagger.score(all));
    source.close();
    await one.dispose();
  });
});
