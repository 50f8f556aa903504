import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isJetError } from '../../errors.js';
import { openJets, readColumns } from '../files.js';
import { fixture } from '../fixtures.testing.js';

/** What a file holds, and its numbers, unless it must be refused. */
interface Kind {
  readonly name: string;
  readonly holds: string;
  readonly expected?: readonly number[];
}

const kinds = readFileSync(fixture('hdf5/kinds.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Kind);

/** Column `x` or the images, with their labels; or the error. */
async function numbersOf(
  path: string,
): Promise<readonly number[] | { readonly code: string; readonly message: string }> {
  try {
    const isTable = !readFileSync(path).includes('images');
    if (isTable) return [...(await readColumns(path, ['x'])).x];
    const source = await openJets(path);
    try {
      await source.labels();
      return [...(await source.read(0, source.count)).data];
    } finally {
      source.close();
    }
  } catch (error) {
    if (isJetError(error)) return error;
    throw error;
  }
}

describe('what HDF5 files can hold is read right or refused', () => {
  it.each(kinds)('$name: $holds', async ({ name, expected }) => {
    const read = await numbersOf(fixture(`hdf5/${name}.h5`));
    if (expected) expect(read).toEqual(expected);
    else expect(read).toMatchObject({ code: expect.stringMatching(/^(UNSUPPORTED|BAD_DATASET|BAD_FILE)$/) });
  });

  it.each([
    ['virtual', 'a virtual dataset'],
    ['blosc-snappy', 'compressed with HDF5 filter 32001, Blosc with Snappy; expected one of'],
    ['external', 'stored in other files'],
    ['external-link', 'a link to another file'],
    ['external-labels', 'a link to another file'],
  ])('%s is refused by name', async (name, words) => {
    expect(await numbersOf(fixture(`hdf5/${name}.h5`))).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining(words),
    });
  });

  it.each(kinds.flatMap(({ name }) => (/^(short|long)-/.test(name) && name !== 'short-blosc2' ? [name] : [])))(
    '%s is damage, and never numbers that were in memory',
    async (name) => {
      expect(await numbersOf(fixture(`hdf5/${name}.h5`))).toMatchObject({
        code: 'BAD_FILE',
        message: expect.stringMatching(/a chunk (unpacks to|that is not compressed has) \d+ bytes in place of \d+"/),
      });
    },
  );
});
