import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openJets } from '../io/files.js';
import { errorOf, fixture, fixtureBytes, readWhole, temporaryFolder } from '../io/fixtures.testing.js';
import { readNpy, writeNpy } from '../io/npy/npy.js';
import { writeNpz } from '../io/npy/npz.js';

const temporary = temporaryFolder();
const numbers = readNpy(fixtureBytes('constituents.npy')).data as Float32Array;
const JETS = 12;
const SLOTS = 8;

/** The jets with fewer constituents, the others filled with a value; and what must be read. */
function padded(counts: readonly number[], value: number): { filled: Float32Array; clean: Float32Array } {
  const [filled, clean] = [numbers.slice(), numbers.slice()];
  for (let jet = 0; jet < JETS; jet++)
    for (const [data, fill] of [
      [filled, value],
      [clean, 0],
    ] as const)
      data.fill(fill, (jet * SLOTS + counts[jet]) * 4, (jet + 1) * SLOTS * 4);
  return { filled, clean };
}

const some = fc.array(fc.nat({ max: SLOTS }), { minLength: JETS, maxLength: JETS });

describe('the option padding', () => {
  it('makes zeros of what fills jets of fewer constituents', async () => {
    await fc.assert(
      fc.asyncProperty(
        some,
        fc.constantFrom(-999, -1, 1e30, Infinity, -Infinity, 'nan' as const),
        async (counts, padding) => {
          const { filled, clean } = padded(counts, padding === 'nan' ? Number.NaN : padding);
          await writeFile(temporary('x.npy'), writeNpy({ dtype: 'float32', shape: [JETS, SLOTS, 4], data: filled }));
          expect(await readWhole(await openJets(temporary('x.npy'), { padding }))).toEqual(clean);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('goes by the number of constituents where the file tells it, whatever lies behind', async () => {
    const counts = Array.from({ length: JETS }, (_, i) => i % (SLOTS + 1));
    const { filled, clean } = padded(counts, -5);
    const archive = (n: readonly number[]): Uint8Array =>
      writeNpz(
        new Map([
          ['constituents', { dtype: 'float32', shape: [JETS, SLOTS, 4], data: filled }],
          ['n_constituents', { dtype: 'int32', shape: [JETS], data: Int32Array.from(n) }],
        ]),
      );
    await writeFile(temporary('x.npz'), archive(counts));
    expect(await readWhole(await openJets(temporary('x.npz'), { padding: -999 }))).toEqual(clean);
    await writeFile(temporary('y.npz'), archive(counts.map((count) => Math.min(SLOTS, count + 1))));
    const wrong = await openJets(temporary('y.npz'), { padding: -5 });
    expect((await errorOf(() => readWhole(wrong))).message).toContain(
      'constituent 0 of jet 0 is padding (-5); expected 1',
    );
  });

  it.each([-1, 0.5, Number.NaN])('is not told by a number of constituents of %s', async (count) => {
    const { filled } = padded(new Array(JETS).fill(3), -999);
    const arrays = new Map([
      ['constituents', { dtype: 'float32' as const, shape: [JETS, SLOTS, 4], data: filled }],
      [
        'n_constituents',
        {
          dtype: 'float32' as const,
          shape: [JETS],
          data: Float32Array.from({ length: JETS }, (_, i) => (i === 7 ? count : 3)),
        },
      ],
    ]);
    await writeFile(temporary('odd.npz'), writeNpz(arrays));
    const error = await errorOf(async () => readWhole(await openJets(temporary('odd.npz'), { padding: -999 })));
    expect(error).toMatchObject({
      code: 'OUT_OF_RANGE',
      message: expect.stringContaining(`n_constituents of jet 7 is ${count}; expected a number of constituents`),
    });
  });

  it.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])(
    'of %s is taken out of other components and units too',
    async (value) => {
      const { filled, clean } = padded(new Array(JETS).fill(3), value);
      const turned = filled.map((_, i) => 1000 * filled[i - (i % 4) + ((i + 1) % 4)]);
      await writeFile(temporary('x.npy'), writeNpy({ dtype: 'float32', shape: [JETS, SLOTS, 4], data: turned }));
      const padding = Number.isNaN(value) ? 'nan' : value;
      const components = ['px', 'py', 'pz', 'E'];
      const read = await readWhole(await openJets(temporary('x.npy'), { padding, components, unit: 'MeV' }));
      expect(read).toHaveLength(clean.length);
      const off = read.findIndex((number, i) => !(Math.abs(number - clean[i]) <= 1e-6 * Math.abs(clean[i])));
      expect(off).toBe(-1);
    },
  );

  it.each([
    [Number.NaN, 'nan'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('is named where %s is refused', async (value, text) => {
    const { filled } = padded(new Array(JETS).fill(3), value);
    await writeFile(temporary('odd.npy'), writeNpy({ dtype: 'float32', shape: [JETS, SLOTS, 4], data: filled }));
    const error = await errorOf(async () => readWhole(await openJets(temporary('odd.npy'))));
    expect(error).toMatchObject({
      code: 'NOT_FINITE',
      message: expect.stringContaining(`--padding ${text} (in code: padding`),
    });
  });

  it('is refused for images and where it is no number', async () => {
    expect((await errorOf(() => openJets(fixture('images.npy'), { padding: -1 }))).code).toBe('BAD_ARGUMENT');
    const wrong = { padding: Number.NaN };
    expect((await errorOf(() => openJets(fixture('constituents.npy'), wrong))).code).toBe('BAD_ARGUMENT');
  });

  it('leaves files alone that have none, by a layout too', async () => {
    const plain = await readWhole(await openJets(fixture('jetclass.parquet')));
    expect(await readWhole(await openJets(fixture('jetclass.parquet'), { padding: -999 }))).toEqual(plain);
    expect(await readWhole(await openJets(fixture('table-zlib.h5'), { padding: -999 }))).toEqual(numbers);
  });
});
