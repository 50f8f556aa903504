import { afterEach, describe, expect, it, vi } from 'vitest';
import { openJets } from './io/files.js';
import { fixture } from './io/fixtures.testing.js';
import { jetImages } from './jets.js';
import { memoryFor } from './memoryBudget.js';
import { readInputs } from './source/inputs.js';
import type { JetSource } from './source/source.js';

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

  it('does not stand in the way of files that fit', async () => {
    vi.stubEnv('JETSDK_MEMORY', '64MiB');
    for (const name of ['constituents.h5', 'constituents.npz', 'jetclass.parquet', 'higgs.root']) {
      const source = await openJets(fixture(name));
      expect((await source.read(0, source.count)).data.length).toBeGreaterThan(0);
      source.close();
    }
  });
});
