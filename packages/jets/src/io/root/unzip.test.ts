import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readScores } from '../files.js';
import { errorOf, fixture, temporaryFolder } from '../fixtures.testing.js';

const temporary = temporaryFolder();

/** What the script wrote: 30,000 numbers that take 100 kB packed, in one basket. */
const numbers = Float64Array.from({ length: 30_000 }, (_, i) =>
  Math.fround(Number((BigInt(i) ** 2n * 2_654_435_761n) % 2n ** 32n) / 2 ** 32),
);

it('LZMA in several chunks, of which JSROOT reads the first alone, is read whole', async () => {
  expect(await readScores(fixture('lzma-large.root'), { column: 'x' })).toEqual(numbers);
});

it('LZMA that is damaged in any chunk is refused', async () => {
  const bytes = await readFile(fixture('lzma-large.root'));
  const at = bytes.indexOf(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]));
  for (const step of [100, 60_000, 75_000, 100_000]) {
    const broken = Uint8Array.from(bytes);
    broken[at + step] ^= 1;
    await writeFile(temporary('broken.root'), broken);
    const { code, message } = await errorOf(() => readScores(temporary('broken.root'), { column: 'x' }));
    expect({ code, message }, `byte ${step}`).toEqual({
      code: 'BAD_FILE',
      message: expect.stringContaining('basket 0: cannot be decompressed'),
    });
  }
});
