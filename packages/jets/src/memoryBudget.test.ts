import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readTextFile } from './io/bytes/textFile.js';
import { openJets } from './io/files.js';
import { fixture, temporaryFolder } from './io/fixtures.testing.js';
import { readNpy, writeNpy } from './io/npy/npy.js';
import { jetImages } from './jets.js';
import { parseJson } from './json.js';
import { memoryFor, setMemoryBudget } from './memoryBudget.js';
import { readInputs } from './source/inputs.js';
import type { JetSource } from './source/source.js';

const temporary = temporaryFolder();

afterEach(() => vi.unstubAllEnvs());

describe('the budget of memory', () => {
  it('is 4 GiB, of which everything has its share', () => {
    vi.stubEnv('JETSDK_MEMORY', '');
    expect([memoryFor('inputs'), memoryFor('archive'), memoryFor('piece')]).toEqual([2 ** 32, 2 ** 31, 2 ** 28]);
  });

  it.each([
    ['2GB', 2e9],
    ['512MiB', 2 ** 29],
    ['1.5 gib', 1.5 * 2 ** 30],
  ])('is %s where the environment says so', (text, bytes) => {
    vi.stubEnv('JETSDK_MEMORY', text);
    expect(memoryFor('inputs')).toBe(bytes);
    expect(memoryFor('block')).toBe(bytes / 4);
  });

  it.each(['2', 'much', '-2GB', '1MB', '2GBx', '\u001b[31m'])('is refused as %j', (text) => {
    vi.stubEnv('JETSDK_MEMORY', text);
    expect(() => memoryFor('slice')).toThrow(/^JETSDK_MEMORY: got [\w\uFFFD[-]+; expected a size/);
  });

  it('refuses before memory is taken, with both numbers and the remedy', async () => {
    const source: JetSource = {
      name: 'many',
      kind: 'images',
      count: 100_000,
      jetShape: [40, 40, 1],
      read: async (start, stop) => {
        if (stop - start > 1) throw new Error('no more than a first look is to be taken');
        return jetImages(new Float32Array(1600), [40, 40, 1]);
      },
      labels: async () => undefined,
      close() {},
    };
    vi.stubEnv('JETSDK_MEMORY', '512MiB');
    await expect(readInputs(source, undefined)).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringMatching(/640000000 bytes; expected at most 536870912; .*JETSDK_MEMORY=8GB/),
      details: { bytes: 640_000_000, limit: 2 ** 29 },
    });
  });

  it('is set by a number or a text, for threads and processes too', () => {
    vi.stubEnv('JETSDK_MEMORY', '');
    setMemoryBudget(2 ** 31);
    expect([memoryFor('inputs'), process.env['JETSDK_MEMORY']]).toEqual([2 ** 31, '2147483648B']);
    setMemoryBudget('8GB');
    expect([memoryFor('inputs'), process.env['JETSDK_MEMORY']]).toEqual([8e9, '8GB']);
    expect(() => setMemoryBudget(2 ** 20)).toThrow('memory: got 1048576B; expected a size of at least 64MiB');
    expect(memoryFor('inputs')).toBe(8e9);
  });

  it('is set in a page, where there is no environment', () => {
    vi.stubGlobal('process', undefined);
    try {
      setMemoryBudget('128MiB');
      expect(memoryFor('inputs')).toBe(2 ** 27);
    } finally {
      setMemoryBudget('4GiB');
      vi.unstubAllGlobals();
    }
  });

  it('bounds arrays that are read as a whole, JSON, and texts of any length', async () => {
    vi.stubEnv('JETSDK_MEMORY', '64MiB');
    const limit = { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('JETSDK_MEMORY=8GB') };
    expect(() => readNpy(writeNpy({ dtype: 'uint8', shape: [2 ** 25], data: new Uint8Array(2 ** 25) }))).toThrow(
      expect.objectContaining(limit),
    );
    expect(() => parseJson(' '.repeat(2 ** 20 + 1), 'a.json')).toThrow(expect.objectContaining(limit));
    expect(() => readTextFile('/dev/zero')).toThrow(expect.objectContaining(limit));
    const path = temporary('turned.npy');
    const header = "{'descr': '<f4', 'fortran_order': True, 'shape': (20000, 40, 40)}".padEnd(117).concat('\n');
    writeFileSync(path, Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0));
    appendFileSync(path, header);
    truncateSync(path, 128 + 4 * 20_000 * 1600);
    await expect(openJets(path)).rejects.toMatchObject(limit);
  });

  it('does not stand in the way of files that fit', async () => {
    vi.stubEnv('JETSDK_MEMORY', '64MiB');
    for (const name of ['constituents.h5', 'constituents.npz', 'jetclass.parquet', 'higgs.root']) {
      const source = await openJets(fixture(name));
      expect((await source.read(0, source.count)).data.length).toBeGreaterThan(0);
      source.close();
    }
  });
});
