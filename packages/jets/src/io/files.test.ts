import { createHash } from 'node:crypto';
import { chmod, mkdir, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { rangeSource } from '../source/range.js';
import { fileHash } from './bytes/fileHash.js';
import { describeFile, openJets, readLabels, readScores } from './files.js';
import { errorOf, fixture, fixtureBytes, readWhole, temporaryFolder } from './fixtures.testing.js';
import { readNpy, writeNpy } from './npy/npy.js';
import { writeNpz } from './npy/npz.js';

const constituents = readNpy(fixtureBytes('constituents.npy')).data as Float32Array;
const images = readNpy(fixtureBytes('images.npy')).data as Float32Array;
const labels = readNpy(fixtureBytes('labels.npy')).data as Uint8Array;

const temporary = temporaryFolder();

describe('openJets', () => {
  it.each(['constituents.npy', 'constituents.npz', 'constituents.h5'])('gives the constituents of %s', async (name) => {
    const source = await openJets(fixture(name));
    expect(source).toMatchObject({ kind: 'constituents', count: 12, jetShape: [8, 4] });
    expect((await source.read(4, 6)).data).toEqual(constituents.slice(4 * 32, 6 * 32));
    expect(await readWhole(source)).toEqual(constituents);
  });

  it.each(['images.npy', 'images.npz', 'images-fortran.npy', 'images-labels.h5'])(
    'gives the images of %s',
    async (name) => {
      const source = await openJets(fixture(name));
      expect(source).toMatchObject({ kind: 'images', count: 12, jetShape: [6, 5, 1] });
      expect(await readWhole(source)).toEqual(images);
    },
  );

  it.each([
    'constituents.h5',
    'images-labels.h5',
    'images-classes.h5',
    'table-columns.h5',
    'table-zlib.h5',
    'jetclass.parquet',
    'jetclass.root',
  ])('gives the labels of some jets of %s as among those of all', async (name) => {
    const whole = await openJets(fixture(name));
    const all = (await whole.labels())!;
    expect(all.length).toBe(whole.count);
    for (const [start, stop] of [
      [0, 1],
      [1, all.length],
      [3, Math.min(7, all.length - 1)],
    ]) {
      const afresh = rangeSource(await openJets(fixture(name)), start, stop);
      expect(await afresh.labels()).toEqual(all.slice(start, stop));
      expect(await rangeSource(afresh, 0, 1).labels()).toEqual(all.slice(start, start + 1));
      afresh.close();
    }
    whole.close();
  });

  it('goes by what is in the file, not by its name', async () => {
    await writeFile(temporary('really-npy.h5'), fixtureBytes('images.npy'));
    await writeFile(temporary('really-h5.npy'), fixtureBytes('images-labels.h5'));
    for (const name of ['really-npy.h5', 'really-h5.npy'])
      expect(await readWhole(await openJets(temporary(name)))).toEqual(images);
  });

  it.each(['constituents.npy', 'constituents.h5', 'images-bigendian-gzip.h5'])(
    'notices that %s is changed while it is read',
    async (name) => {
      const path = temporary(name);
      await writeFile(path, fixtureBytes(name));
      const source = await openJets(path);
      await source.read(0, 1);
      await utimes(path, new Date(), new Date(Date.now() + 60_000));
      expect(await errorOf(() => source.read(1, 2))).toMatchObject({
        code: 'BAD_FILE',
        message: `${path}: the file was changed while it was read; expected one that stays as it is; begin again when it is written`,
      });
      source.close();
      expect((await readWhole(await openJets(path))).length).toBeGreaterThan(0);
    },
  );

  it('finds HDF5 behind a user block', async () => {
    const block = new Uint8Array(1024);
    await writeFile(temporary('block.h5'), [block, fixtureBytes('images-labels.h5')]);
    expect(await readWhole(await openJets(temporary('block.h5')))).toEqual(images);
  });

  it('names the first jet of a .npy file that is not finite', async () => {
    const data = Float64Array.from(images);
    data[5 * 30 + 3] = -Infinity;
    await writeFile(temporary('infinite.npy'), writeNpy({ dtype: 'float64', shape: [12, 6, 5], data }));
    const source = await openJets(temporary('infinite.npy'));
    expect((await source.read(6, 12)).data).toEqual(images.slice(180));
    await expect(readWhole(source)).rejects.toThrow('jet 5 holds -Infinity');
  });

  it('refuses truncated .npy files when they are opened', async () => {
    await writeFile(temporary('short.npy'), fixtureBytes('images.npy').subarray(0, 1000));
    expect((await errorOf(() => openJets(temporary('short.npy')))).message).toContain(
      'truncated, got 872 bytes of data; expected 1440 for shape (12, 6, 5, 1)',
    );
  });

  it.each([
    ['labels.npy', 'BAD_DATASET', 'shape (12)'],
    ['refused-object.npy', 'UNSUPPORTED', 'objects are pickles, which are never read'],
    ['make.py', 'BAD_FILE', '#!/usr/bin/e'],
    ['nowhere/jets.h5', 'FILE_NOT_FOUND', 'no such file'],
    ['.', 'BAD_FILE', 'it is a folder'],
  ])('answers %s with %s', async (name, code, message) => {
    const error = await errorOf(() => openJets(fixture(name)));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it('explains a leading tilde, an empty file, and formats of the trade that it does not read', async () => {
    expect((await errorOf(() => openJets('~/jets.h5'))).message).toContain('a leading ~ is expanded by the shell only');
    await writeFile(temporary('empty.h5'), '');
    expect((await errorOf(() => openJets(temporary('empty.h5')))).message).toContain('the file is empty, got 0 bytes');
    await writeFile(temporary('jets.root'), 'root\0\0\xf4\x15');
    expect((await errorOf(() => openJets(temporary('jets.root')))).message).toContain('a ROOT file');
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'says that a file may not be read (skipped for root, who may)',
    async () => {
      await writeFile(temporary('secret.npy'), fixtureBytes('images.npy'));
      await chmod(temporary('secret.npy'), 0);
      expect((await errorOf(() => openJets(temporary('secret.npy')))).message).toContain('permission denied');
    },
  );

  it('refuses HDF5 options for other files', async () => {
    expect((await errorOf(() => openJets(fixture('images.npy'), { dataset: 'images' }))).code).toBe('BAD_ARGUMENT');
  });
});

describe('readLabels', () => {
  it.each([
    'labels.npy',
    'constituents.npz',
    'images.npz',
    'constituents.h5',
    'images-labels.h5',
    'images-bigendian.h5',
    'table-zlib.h5',
    'table-lzf.h5',
  ])('finds the labels of %s', async (name) => {
    expect(await readLabels(fixture(name))).toEqual(labels);
  });

  it('gives the classes of a file with one dataset a class', async () => {
    expect(await readLabels(fixture('images-classes.h5'))).toEqual(labels.toSorted());
  });

  it('takes the name of another column', async () => {
    await writeFile(
      temporary('named.npz'),
      writeNpz(
        new Map([
          ['a', { dtype: 'uint8', shape: [2], data: Uint8Array.of(0, 1) }],
          ['b', { dtype: 'uint8', shape: [1], data: Uint8Array.of(1) }],
        ]),
      ),
    );
    expect(await readLabels(temporary('named.npz'), { column: 'b' })).toEqual(Uint8Array.of(1));
    expect((await errorOf(() => readLabels(temporary('named.npz')))).message).toContain(
      'no column "labels"; the file has 2 columns, among them a, b',
    );
    expect(await readLabels(fixture('table-zlib.h5'), { column: 'is_signal_new' })).toEqual(labels);
    expect((await errorOf(() => readLabels(fixture('labels.npy'), { column: 'x' }))).code).toBe('BAD_ARGUMENT');
  });

  it('says that there are none', async () => {
    expect((await errorOf(() => readLabels(fixture('images-half.h5')))).message).toContain(
      'no labels beside its 12 jets',
    );
    expect((await errorOf(() => readLabels(fixture('images-threelabels.h5')))).message).toContain('label 2 is 2');
  });
});

describe('readScores', () => {
  it('reads .npy, .npz and columns', async () => {
    const scores = Float32Array.of(0.25, 0.5, 1);
    const array = { dtype: 'float32' as const, shape: [3, 1], data: scores };
    await writeFile(temporary('scores.npy'), writeNpy(array));
    await writeFile(temporary('scores.npz'), writeNpz(new Map([['anything', array]])));
    expect(await readScores(temporary('scores.npy'))).toEqual(scores);
    expect(await readScores(temporary('scores.npz'))).toEqual(scores);
    const energies = await readScores(fixture('table-zlib.h5'), { column: 'E_0' });
    expect(energies).toEqual(Float64Array.from({ length: 12 }, (_, i) => constituents[i * 32]));
  });

  it('names both what was found and what was expected', async () => {
    expect((await errorOf(() => readScores(fixture('images.npy')))).message).toContain(
      'shape (12, 6, 5, 1); expected one number per jet',
    );
    expect((await errorOf(() => readScores(fixture('table-zlib.h5')))).message).toContain('no column "scores"');
    expect((await errorOf(() => readScores(fixture('version1.npy'), { column: 'a' }))).code).toBe('BAD_ARGUMENT');
  });
});

describe('describeFile', () => {
  it('describes a table', async () => {
    const description = await describeFile(fixture('table-shuffled.h5'));
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
    expect(description).toMatchObject({
      format: 'hdf5',
      arrays: [{ name: '/table/table', dtype: 'compound', shape: [12], compression: ['shuffle', 'deflate'] }],
      tables: [{ name: '/table/table', rows: 12, columns: 47 }],
      jets: { kind: 'constituents', count: 12, jetShape: [8, 4], labels: { 0: 7, 1: 5 }, charge: true, ids: false },
    });
    expect(description.tables[0].columnNames).toEqual(
      expect.arrayContaining(['index', 'CHARGE_0…7', 'ttv', 'is_signal_new']),
    );
    expect((await describeFile(fixture('table-zlib.h5'))).tables[0].columnNames).toEqual([
      'index',
      'E_0…7',
      'PX_0…7',
      'PY_0…7',
      'PZ_0…7',
      'truthE',
      'truthPX',
      'truthPY',
      'truthPZ',
      'ttv',
      'is_signal_new',
    ]);
  });

  it('describes images, .npy and .npz', async () => {
    expect(await describeFile(fixture('images-classes.h5'))).toMatchObject({
      arrays: [
        { name: '/QCD', dtype: 'float64', shape: [7, 6, 5, 1], chunks: [2, 3, 3, 1], compression: ['lzf'] },
        { name: '/Top', dtype: 'float64', shape: [5, 6, 5, 1] },
      ],
      jets: { kind: 'images', classes: ['QCD', 'Top'], labels: { 0: 7, 1: 5 } },
    });
    expect(await describeFile(fixture('images-fortran.npy'))).toMatchObject({
      format: 'npy',
      bytes: 1568,
      arrays: [{ name: '', dtype: 'float32', shape: [12, 6, 5] }],
      jets: { kind: 'images', count: 12, jetShape: [6, 5, 1] },
    });
    expect(await describeFile(fixture('constituents.npz'))).toMatchObject({
      format: 'npz',
      arrays: [{ name: 'constituents' }, { name: 'labels' }, { name: 'charge' }, { name: 'ids', dtype: 'string' }],
      jets: { kind: 'constituents', labels: { 0: 7, 1: 5 }, charge: true, ids: true },
    });
  });

  it('says why a file holds no jets', async () => {
    expect((await describeFile(fixture('labels.npy'))).notJets).toContain('no jets, shape (12)');
    expect((await describeFile(fixture('images-nobackground.h5'))).notJets).toContain('2 sets of jets (/A, /B)');
  });

  it('says why it holds jets that cannot be read, also where only the tenth is no jet', async () => {
    expect((await describeFile(fixture('refused-filter.h5'))).refused).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('HDF5 filter 399'),
    });
    const data = constituents.slice();
    data.set([-999, -999, -999, -999], 9 * 32);
    await writeFile(temporary('padded.npy'), writeNpy({ dtype: 'float32', shape: [12, 8, 4], data }));
    const { jets, notJets, refused } = await describeFile(temporary('padded.npy'));
    expect({ jets, notJets }).toEqual({});
    expect(refused).toMatchObject({ code: 'BAD_DATASET', message: expect.stringContaining('jet 9') });
    expect((await describeFile(temporary('padded.npy'), { padding: -999 })).jets).toMatchObject({ count: 12 });
  });

  it('takes an option that does not fit for a fault', async () => {
    const { refused } = await describeFile(fixture('images-classes.h5'), { dataset: 'nowhere' });
    expect(refused).toMatchObject({ code: 'BAD_DATASET', message: expect.stringContaining('nowhere') });
  });
});

describe('fileHash', () => {
  it('is the SHA-256 of the bytes', async () => {
    const expected = createHash('sha256').update(fixtureBytes('images.npy')).digest('hex');
    expect(await fileHash(fixture('images.npy'))).toBe(expected);
    await mkdir(temporary('folder'));
    expect((await errorOf(() => fileHash(temporary('folder')))).message).toContain('it is a folder');
  });
});
