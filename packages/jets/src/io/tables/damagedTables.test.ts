/** Damaged files end in a JetError: never in another error, without an answer, or with the process. */
import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { openJets, readScores } from '../files.js';
import { errorOf, fixture, temporaryFolder } from '../fixtures.testing.js';
import { host } from '../nodeHost.js';
import { root } from '../root/format.js';
import { countedFile, layoutOf, openFrom } from './tables.testing.js';

const temporary = temporaryFolder();

describe('damaged ROOT and Parquet files', () => {
  const names = ['higgs.root', 'counted-lz4.root', 'counted-lzma.root', 'jetclass.parquet', 'jetclass2.parquet'];

  it.each(names)('refuses truncations of %s', async (name) => {
    const bytes = await readFile(fixture(name));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: bytes.length - 1 }), async (length) => {
        await writeFile(temporary('short'), bytes.subarray(0, length));
        expect((await errorOf(() => openJets(temporary('short'), layoutOf(name)))).code).toBe('BAD_FILE');
      }),
      { numRuns: 30 },
    );
  });

  it.each(names)('answers corrupt bytes of %s with jets or a JetError', async (name) => {
    for (const how of ['log', 'warn', 'error'] as const) vi.spyOn(console, how).mockImplementation(() => {});
    const bytes = await readFile(fixture(name));
    const change = fc.tuple(
      fc.nat(bytes.length - 5).map((at) => at + 4),
      fc.constantFrom(0, 1, 127, 128, 255),
    );
    // chance may change nothing that matters: among the cases are the file as it is, and one of which only the first bytes are left
    const nothing: [number, number][] = [];
    const everything = Array.from({ length: bytes.length - 4 }, (_, i): [number, number] => [i + 4, 255]);
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const broken = Uint8Array.from(bytes);
        for (const [at, value] of changes) broken[at] = value;
        await writeFile(temporary('broken'), broken);
        const { code } = await errorOf(async () => {
          const source = await openJets(temporary('broken'), layoutOf(name));
          try {
            await source.read(0, source.count);
            await source.labels();
          } finally {
            source.close();
          }
        });
        outcomes.add(code);
      }),
      { numRuns: 60, examples: [[nothing], [everything]] },
    );
    expect(outcomes.size).toBeGreaterThan(1);
    vi.restoreAllMocks();
  });

  it.each([
    { what: 'an array of 1.6 thousand million dimensions', changes: [[11094, 1]] },
    { what: 'an array of 37748736 dimensions', changes: [[13593, 1]] },
    {
      what: 'two wrong bytes and an array of as many',
      changes: [
        [13080, 255],
        [4527, 128],
      ],
    },
  ])('refuses classes with $what before it takes memory for them', async ({ changes }) => {
    const bytes = await readFile(fixture('higgs.root'));
    for (const [at, value] of changes) bytes[at] = value;
    await writeFile(temporary('classes.root'), bytes);
    expect(await errorOf(() => openJets(temporary('classes.root')))).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(
        /class T\w+: member \w+ is an array of .* dimensions|record at \d+: cannot be decompressed/,
      ),
    });
  });

  it.each([
    // found by npm run fuzz:reference -- root: cases 703 and 806 of seed 1
    [
      'a first basket that begins at row 824633720832',
      'unequal.root',
      5394,
      192,
      'npart_pz',
      'baskets begin at rows 824633720832 of 2',
    ],
    ['a boolean that is 2', 'jetclass.root', 9714, 2, 'label_Zqq', 'basket 1: a boolean of 2'],
  ])('refuses %s', async (_, name, at, value, column, message) => {
    const bytes = await readFile(fixture(name));
    await readScores(fixture(name), { column });
    bytes[at] = value;
    await writeFile(temporary('odd.root'), bytes);
    expect(await errorOf(() => readScores(temporary('odd.root'), { column }))).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining(message),
    });
  });

  it('finds damage in zlib data by its check sum', async () => {
    const bytes = await readFile(fixture('higgs.root'));
    // The first basket: its key is at byte 341, 79 bytes long, its compressed data from byte 429 on.
    expect(bytes.toString('latin1', 420, 422)).toBe('ZL');
    bytes[429 + 0x242 - 1] ^= 1;
    await writeFile(temporary('sum.root'), bytes);
    const source = await openJets(temporary('sum.root'));
    expect(await errorOf(() => source.read(0, 1))).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(/branch pfcand_ptrel: basket 0: cannot be decompressed/),
    });
    source.close();
    const { inflate: _, ...withoutInflate } = host;
    const file = countedFile(temporary('sum.root'));
    const slow = await openFrom(file, root, {}, withoutInflate);
    expect(await errorOf(() => slow.read(0, 1))).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(/the check sum is wrong/),
    });
    slow.close();
  });

  it('finds damage in Parquet pages by their check sums, where they have some', async () => {
    const bytes = await readFile(fixture('pages-encodings.parquet'));
    // A byte of the first page of the first column.
    bytes[80] ^= 1;
    await writeFile(temporary('sum.parquet'), bytes);
    const source = await openJets(temporary('sum.parquet'));
    expect(await errorOf(() => source.read(0, 1))).toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(/column part_energy: .*the check sum of the page at \d+ is wrong/),
    });
    source.close();
  });
});
