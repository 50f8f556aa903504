import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJetError } from '../../errors.js';
import type { JetSource } from '../../source/source.js';
import { openJets, readColumns } from '../files.js';
import { fixture, fixtureBytes, printedArrays, readWhole, shared, temporaryFolder } from '../fixtures.testing.js';
import { readNpy } from '../npy/npy.js';
import { labelsOf } from '../npy/perJet.js';

const constituents = readNpy(fixtureBytes('constituents.npy')).data as Float32Array;
const images = readNpy(fixtureBytes('images.npy')).data as Float32Array;
const labels = labelsOf(readNpy(fixtureBytes('labels.npy')));
const charge = readNpy(fixtureBytes('charge.npy')).data;

const temporary = temporaryFolder();

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (isJetError(error)) return error.code;
    throw error;
  }
  return 'no error';
}

describe('openJets on constituents', () => {
  it.each([
    'table-zlib.h5',
    'table-blosc.h5',
    'table-blosc2.h5',
    'table-columns.h5',
    'table-fixed.h5',
    'table-shuffled.h5',
    'table-nonames.h5',
    'table-2d.h5',
    'table-lzf.h5',
    'constituents.h5',
  ])('gives the jets and labels of %s', async (name) => {
    const source = await openJets(fixture(name));
    expect(source).toMatchObject({ kind: 'constituents', count: 12, jetShape: [8, 4] });
    expect(await source.labels()).toEqual(labels);
    expect(await readWhole(source)).toEqual(constituents);
  });

  it('brings big-endian records into order, and refuses records of mixed order by the names of the fields', async () => {
    expect(await readWhole(await openJets(fixture('table-bigendian.h5')))).toEqual(constituents);
    await expect(openJets(fixture('refused-mixedendian.h5'))).rejects.toThrow(
      'fields E_0, PX_0, PY_0, PZ_0 have no supported type',
    );
  });

  it.each(['table-shuffled.h5', 'constituents.h5'])('gives the charges of %s', async (name) => {
    const source = await openJets(fixture(name));
    expect(await source.read(0, 12)).toMatchObject({ charge });
    expect(await source.read(3, 7)).toMatchObject({ charge: charge.slice(3 * 8, 7 * 8) });
    source.close();
  });

  it('gives ids', async () => {
    const source = await openJets(fixture('constituents.h5'));
    expect((await source.ids?.())?.slice(9)).toEqual(['jet-9', 'jet-10', 'jet-11']);
    source.close();
  });
});

describe('openJets on images', () => {
  it.each([
    'images-labels.h5',
    'images-bigendian.h5',
    'images-bigendian-gzip.h5',
    'images-latest.h5',
    'images-pieces.h5',
  ])('gives the images and labels of %s', async (name) => {
    const source = await openJets(fixture(name));
    expect(source).toMatchObject({ kind: 'images', count: 12, jetShape: [6, 5, 1] });
    expect(await source.labels()).toEqual(labels);
    expect(await readWhole(source)).toEqual(images);
  });

  it('puts the dataset named like QCD first where there is one dataset a class', async () => {
    const source = await openJets(fixture('images-classes.h5'));
    expect(source.classes).toEqual(['QCD', 'Top']);
    const sorted = (await source.labels()) ?? new Uint8Array();
    expect(sorted).toEqual(labels.toSorted());
    const order = [0, 1].flatMap((label) => [...labels.keys()].filter((i) => labels[i] === label));
    const expected = order.flatMap((i) => [...images.subarray(i * 30, (i + 1) * 30)]);
    expect([...(await source.read(0, 12)).data]).toEqual(expected);
    expect([...(await source.read(5, 9)).data]).toEqual(expected.slice(5 * 30, 9 * 30));
    source.close();
  });

  it('asks for the classes where no name tells the background', async () => {
    const path = fixture('images-nobackground.h5');
    await expect(openJets(path)).rejects.toThrow('/A, /B');
    const source = await openJets(path, { classes: ['B', 'A'] });
    expect(source.classes).toEqual(['B', 'A']);
    expect(await source.labels()).toEqual(labels.toSorted());
    source.close();
    const one = await openJets(path, { dataset: 'A' });
    expect([one.count, await one.labels()]).toEqual([labels.reduce((a, b) => a + b), undefined]);
    one.close();
    for (const classes of [['A'], ['A', 'A'], ['A', 'C']])
      expect(await codeOf(() => openJets(path, { classes }))).toBe('BAD_ARGUMENT');
    expect(await codeOf(() => openJets(path, { dataset: 'C' }))).toBe('BAD_DATASET');
  });

  it('gives zeros where a chunk was never written', async () => {
    const expected = images.slice();
    expected.fill(0, 4 * 30, 8 * 30);
    expect(await readWhole(await openJets(fixture('images-gap.h5')))).toEqual(expected);
  });

  it('reads half-precision numbers', async () => {
    const half = await readWhole(await openJets(fixture('images-half.h5')));
    expect(half).toHaveLength(images.length);
    for (const [i, value] of half.entries())
      expect(Math.abs(value - images[i])).toBeLessThanOrEqual(images[i] * 2 ** -11);
  });
});

describe('openJets', () => {
  it('reads any slice', async () => {
    const sources: JetSource[] = [];
    for (const name of ['table-zlib.h5', 'table-fixed.h5', 'table-lzf.h5', 'constituents.h5'])
      sources.push(await openJets(fixture(name)));
    const slice = fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 12 })).map((ends) => ends.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sources), slice, async (source, [start, stop]) => {
        expect((await source.read(start, stop)).data).toEqual(constituents.slice(start * 32, stop * 32));
      }),
    );
    for (const source of sources) source.close();
  });

  it('gives each call an array of its own', async () => {
    const source = await openJets(fixture('table-zlib.h5'));
    (await source.read(0, 12)).data.fill(0);
    (await source.labels())?.fill(1);
    expect(await source.labels()).toEqual(labels);
    expect(await readWhole(source)).toEqual(constituents);
  });

  it('refuses slices outside the file, and reading after close', async () => {
    const source = await openJets(fixture('table-zlib.h5'));
    for (const [start, stop] of [
      [-1, 2],
      [0, 13],
      [5, 4],
      [0.5, 2],
      [0, NaN],
    ])
      expect(await codeOf(() => source.read(start, stop))).toBe('OUT_OF_RANGE');
    source.close();
    source.close();
    expect(await codeOf(() => source.read(0, 1))).toBe('BAD_ARGUMENT');
    expect(await codeOf(() => source.labels())).toBe('BAD_ARGUMENT');
  });

  it('names the first jet that is not finite, and reads the others', async () => {
    const source = await openJets(fixture('images-nan.h5'));
    await expect(source.read(2, 12)).rejects.toThrow('jet 7 holds NaN');
    expect((await source.read(0, 7)).data).toEqual(images.slice(0, 7 * 30));
    source.close();
  });

  it('reads the labels of several classes', async () => {
    const source = await openJets(fixture('images-threelabels.h5'));
    expect(Array.from((await source.labels()) ?? [])).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
    source.close();
  });

  it.each([
    ['refused-channels-first.h5', 'UNSUPPORTED'],
    ['refused-filter.h5', 'UNSUPPORTED'],
    ['refused-elsewhere.h5', 'UNSUPPORTED'],
    ['refused-outside.h5', 'UNSUPPORTED'],
    ['refused-huge.h5', 'LIMIT_EXCEEDED'],
    ['make.py', 'BAD_FILE'],
    ['no-such-file.h5', 'FILE_NOT_FOUND'],
    ['.', 'BAD_FILE'],
  ])('answers %s with an error', async (name, code) => {
    expect(await codeOf(async () => readWhole(await openJets(fixture(name))))).toBe(code);
  });

  it('does not follow references out of the file', async () => {
    await copyFile(fixture('refused-outside.h5'), temporary('outside.h5'));
    await copyFile(fixture('images.npy'), temporary('images.npy'));
    await expect(openJets(temporary('outside.h5')).then(readWhole)).rejects.toThrow(
      'stored in other files; expected its numbers in the file itself',
    );
  });

  it.each(['table-zlib.h5', 'constituents.h5', 'images-classes.h5'])('refuses truncations of %s', async (name) => {
    const whole = await readFile(fixture(name));
    for (let length = 0; length < whole.length; length += 97) {
      await writeFile(temporary('short.h5'), whole.subarray(0, length));
      expect(await codeOf(async () => readWhole(await openJets(temporary('short.h5'))))).toBe('BAD_FILE');
    }
  });

  it('answers corrupt bytes with jets or a JetError, and still reads whole files after that', async () => {
    const whole = await readFile(fixture('table-zlib.h5'));
    const edit = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 8 }), async (edits) => {
        const broken = Buffer.from(whole);
        for (const [at, byte] of edits) broken[at] = byte;
        await writeFile(temporary('broken.h5'), broken);
        await codeOf(async () => readWhole(await openJets(temporary('broken.h5'))));
      }),
      { numRuns: 200 },
    );
    expect(await readWhole(await openJets(fixture('table-zlib.h5')))).toEqual(constituents);
  });
});

describe('readColumns', () => {
  const [ttv, truthE] = ['ttv', 'truthE'].map((name) => printedArrays().find((array) => array.name === name)?.data);

  it.each(['table-zlib.h5', 'table-columns.h5', 'table-fixed.h5', 'table-2d.h5', 'table-shuffled.h5'])(
    'reads columns of %s by name',
    async (name) => {
      const columns = await readColumns(fixture(name), ['ttv', 'truthE', 'is_signal_new', 'PY_7']);
      expect([...columns.ttv]).toEqual(ttv);
      expect([...columns.truthE]).toEqual(truthE);
      expect([...columns.is_signal_new]).toEqual([...labels]);
      expect([...columns.PY_7]).toEqual(Array.from({ length: 12 }, (_, i) => constituents[i * 32 + 7 * 4 + 2]));
    },
  );

  it('reads one-dimensional datasets', async () => {
    expect((await readColumns(fixture('images-labels.h5'), ['y'])).y).toEqual(Float64Array.from(labels));
  });

  it('refuses columns of absurd length', async () => {
    expect(await codeOf(() => readColumns(fixture('refused-huge.h5'), ['y']))).toBe('LIMIT_EXCEEDED');
  });

  it('names the columns that are there instead', async () => {
    await expect(readColumns(fixture('table-zlib.h5'), ['jet_pt'])).rejects.toThrow(
      'no column "jet_pt"; the file has 39 columns, among them index, truthE, truthPX, truthPY, truthPZ, ttv, is_signal_new',
    );
  });
});

const train = shared('generated/train.h5');
const pixels = shared('jet-images/jet_images.h5');
describe.skipIf(!existsSync(train) || !existsSync(pixels))(
  'openJets on ../shared/data (skipped where it is not there)',
  () => {
    let source: JetSource;
    beforeAll(async () => {
      source = await openJets(train);
    });
    afterAll(() => source?.close());

    it('reads the reference layout: 40,000 jets, half of them top', async () => {
      expect(source).toMatchObject({ kind: 'constituents', count: 40_000, jetShape: [200, 4] });
      const jets = await source.read(0, 12);
      const leading = Array.from({ length: 12 }, (_, i) => [...jets.data.subarray(i * 800, i * 800 + 32)]).flat();
      expect(leading).toEqual([...constituents]);
      expect((await source.labels())?.reduce((a, b) => a + b)).toBe(20_000);
    });

    it('reads the LZF-compressed course images', async () => {
      const course = await openJets(pixels);
      expect(course).toMatchObject({ kind: 'images', count: 5027, jetShape: [30, 30, 1], classes: ['QCD', 'TT'] });
      expect((await course.labels())?.reduce((a, b) => a + b)).toBe(1722);
      expect((await readWhole(course)).every((pixel) => pixel >= 0)).toBe(true);
    });

    it('reads jet-level columns', async () => {
      const { jet_pt: pt, ttv } = await readColumns(shared('generated/train_jets.h5'), ['jet_pt', 'ttv']);
      expect([pt.length, ttv.every((part) => part === 0)]).toEqual([40_000, true]);
      expect(pt.every((value) => value > 549 && value < 651)).toBe(true);
    });
  },
);
