import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { jetImages } from '../../jets.js';
import { openJets } from '../files.js';
import { errorOf, fixture, fixtureBytes, readWhole, shared, temporaryFolder } from '../fixtures.testing.js';
import { writeJets } from '../writeJets.js';
import { checked, isSpent, loadLibrary } from './library.js';

const temporary = temporaryFolder();
const hostile = shared('hostile/hdf5-library-after-blosc2/damaged-blosc2.h5');

/** As a decompressor does that calls what the library lacks. */
async function breakLibrary(): Promise<void> {
  const h5 = await loadLibrary();
  expect(() =>
    checked(h5, () => {
      throw new TypeError('resolved is not a function');
    }),
  ).toThrow('resolved is not a function');
  expect(isSpent(h5)).toBe(true);
  expect(await loadLibrary()).not.toBe(h5);
}

describe('the library, after an exception that is not its own', () => {
  it('is loaded anew: damage is still found, and whole files are read', async () => {
    await breakLibrary();
    const bytes = fixtureBytes('table-lzf.h5');
    await writeFile(temporary('broken.h5'), bytes.fill(0x55, bytes.length - 600, bytes.length - 500));
    expect((await errorOf(async () => readWhole(await openJets(temporary('broken.h5'))))).code).toBe('BAD_FILE');
    expect((await readWhole(await openJets(fixture('table-lzf.h5')))).length).toBe(12 * 32);
  });

  it('still reads the files that were open before, by any of their filters', async () => {
    const names = ['table-lzf.h5', 'table-blosc.h5', 'table-zlib.h5', 'images-labels.h5'];
    const sources = await Promise.all(names.map((name) => openJets(fixture(name))));
    const before = await Promise.all(sources.map((source) => source.read(0, 12)));
    await breakLibrary();
    const after = await Promise.all(sources.map((source) => source.read(0, 12)));
    expect(after).toEqual(before);
    for (const source of sources) {
      expect((await source.labels())?.length).toBe(12);
      source.close();
    }
  });

  it('is not trusted with the end of a file that it began to write', async () => {
    const images = jetImages(new Float32Array(4), [1, 1, 1]);
    const source = {
      name: 'breaking',
      kind: images.kind,
      count: 4,
      jetShape: [1, 1, 1],
      async read() {
        await breakLibrary();
        return images;
      },
      labels: async () => undefined,
      close() {},
    };
    expect(await errorOf(() => writeJets(temporary('half.h5'), source))).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('write it again'),
    });
    expect(existsSync(temporary('half.h5'))).toBe(false);
  });

  it.skipIf(!existsSync(hostile))('refuses one damaged file after the other (skipped without ../shared)', async () => {
    for (const name of ['damaged-blosc2.h5', 'damaged-fletcher32.h5', 'damaged-blosc2.h5', 'damaged-fletcher32.h5']) {
      const path = shared(`hostile/hdf5-library-after-blosc2/${name}`);
      expect((await errorOf(async () => readWhole(await openJets(path)))).code).toBe('BAD_FILE');
    }
  });
});

describe('writeJets', () => {
  it('gives the same bytes for the same jets, a second later too', async () => {
    const images = jetImages(
      Float32Array.from({ length: 40 }, (_, i) => i),
      [2, 2, 1],
    );
    await writeJets(temporary('a.h5'), images, { labels: new Uint8Array(10) });
    await new Promise((done) => setTimeout(done, 1100));
    await writeJets(temporary('b.h5'), images, { labels: new Uint8Array(10) });
    expect(await readFile(temporary('a.h5'))).toEqual(await readFile(temporary('b.h5')));
  });
});
