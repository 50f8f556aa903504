import { copyFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { columnOf } from '../../source/column.js';
import { takeJets } from '../../source/take.js';
import { whereSource } from '../../source/where.js';
import { describeFile, openJets, readLabels, readScores } from '../files.js';
import { errorOf, fixture, fixtureBytes, readWhole, temporaryFolder } from '../fixtures.testing.js';
import { readNpy } from '../npy/npy.js';
import { parquet } from '../parquet/format.js';
import { root } from '../root/format.js';
import type { LayoutJson } from './layoutJson.js';
import { countedFile, EXPECTED, layoutOf, openFrom } from './tables.testing.js';

const temporary = temporaryFolder();
const NAMES = Object.keys(EXPECTED);
/** Results are float32; the peer computes in double precision from the same float32 inputs. */
const FLOAT32 = 1e-6;

describe('openJets of ROOT and Parquet files', () => {
  it.each(NAMES)('gives the jets and labels that the peer wrote in %s', async (name) => {
    const expected = EXPECTED[name];
    const source = await openJets(fixture(name), layoutOf(name));
    const [constituents] = source.jetShape;
    expect(source).toMatchObject({ kind: 'constituents', count: expected.counts.length });
    const jets = await source.read(0, source.count);
    const { data } = jets;
    const at = (jet: number, k: number): Float32Array => {
      const start = (jet * constituents + k) * 4;
      return data.subarray(start, start + 4);
    };
    const sums = [0, 0, 0, 0];
    for (const [jet, count] of expected.counts.entries())
      for (let k = 0; k < constituents; k++) {
        const vector = at(jet, k);
        expect(vector.some((value) => value !== 0)).toBe(k < count);
        for (let part = 0; part < 4; part++) sums[part] += vector[part];
        if (k > 0)
          expect(Math.hypot(vector[1], vector[2])).toBeLessThanOrEqual(
            Math.hypot(at(jet, k - 1)[1], at(jet, k - 1)[2]) * (1 + FLOAT32),
          );
      }
    for (const [jet, vectors] of expected.first.entries())
      for (const [k, vector] of vectors.entries())
        for (let part = 0; part < 4; part++)
          expect(Math.abs(at(jet, k)[part] - vector[part])).toBeLessThanOrEqual(FLOAT32 * (1 + vector[0]));
    for (let part = 0; part < 4; part++)
      expect(Math.abs(sums[part] - expected.sums[part])).toBeLessThanOrEqual(FLOAT32 * expected.sums[0]);
    expect([...((await source.labels()) ?? [])]).toEqual(expected.labels);
    if (expected.charge) {
      if (jets.kind !== 'constituents' || !jets.charge) throw new Error('no charge');
      for (const [jet, charges] of expected.charge.entries())
        expect([...jets.charge.subarray(jet * constituents, jet * constituents + charges.length)]).toEqual(charges);
    }
    source.close();
  });

  it.each(NAMES)('gives any slice of %s, in any order and at the same time', async (name) => {
    const whole = await readWhole(await openJets(fixture(name), layoutOf(name)));
    const source = await openJets(fixture(name), layoutOf(name));
    const size = source.jetShape[0] * 4;
    const range = fc
      .tuple(fc.nat(source.count), fc.nat(source.count))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
    await fc.assert(
      fc.asyncProperty(fc.array(range, { minLength: 1, maxLength: 5 }), async (ranges) => {
        const parts = await Promise.all(ranges.map(([start, stop]) => source.read(start, stop)));
        for (const [i, [start, stop]] of ranges.entries())
          expect(parts[i].data).toEqual(whole.slice(start * size, stop * size));
      }),
      { numRuns: 25 },
    );
    source.close();
  });

  it.each(['higgs.root', 'jetclass.root', 'counted-zstd.root', 'jetclass.parquet', 'jetclass2.parquet'])(
    'reads no byte of %s twice, apart from headers, when jets are read one after the other',
    async (name) => {
      const format = name.endsWith('.root') ? root : parquet;
      const file = countedFile(fixture(name));
      const source = await openFrom(file, format, layoutOf(name));
      const opened = file.bytes();
      for (let jet = 0; jet < source.count; jet++) await source.read(jet, jet + 1);
      const once = file.bytes() - opened;
      await source.read(0, source.count);
      // The second time, the pages at the start are no longer in memory.
      expect(file.bytes() - opened - once).toBeGreaterThan(once * 0.5);
      expect(file.bytes() - opened - once).toBeLessThanOrEqual(once);
      source.close();
    },
  );

  it('goes by what is in the file, not by its name', async () => {
    await copyFile(fixture('higgs.root'), temporary('jets.parquet'));
    await copyFile(fixture('jetclass.parquet'), temporary('jets.root'));
    expect((await describeFile(temporary('jets.parquet'))).format).toBe('root');
    expect((await describeFile(temporary('jets.root'))).format).toBe('parquet');
  });

  it('takes the signal that the layout chooses, and leaves out or refuses what is neither', async () => {
    const { truth = [] } = EXPECTED['jetclass.root'];
    const layout: LayoutJson = { extends: 'JetClass', signal: ['label_Tbqq', 'label_Tbl'], constituents: 3 };
    const refusing = await openJets(fixture('jetclass.root'), { layout });
    expect(refusing.jetShape).toEqual([3, 4]);
    const neither = truth.filter((one) => one > 0 && one < 8).length;
    expect(await errorOf(() => refusing.labels())).toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringMatching(
        new RegExp(
          `${neither} of 40 jets are neither background .label_QCD. nor signal .label_Tbqq, label_Tbl.*leave-out`,
        ),
      ),
    });
    const leaving = await openJets(fixture('jetclass.root'), { layout: { ...layout, others: 'leave-out' } });
    const rows = truth.flatMap((one, row) => (one === 0 || one >= 8 ? [row] : []));
    expect(leaving.classes).toEqual(['QCD', 'signal']);
    expect(leaving.count).toBe(rows.length);
    expect([...((await leaving.labels()) ?? [])]).toEqual(rows.map((row) => (truth[row] === 0 ? 0 : 1)));
    const all = await readWhole(refusing);
    expect(await readWhole(leaving)).toEqual(
      Float32Array.from(rows.flatMap((row) => [...all.subarray(row * 12, (row + 1) * 12)])),
    );
  });

  it('takes classes of JetClass-II by name or number', async () => {
    const { jet_label = [] } = EXPECTED['jetclass2.parquet'];
    const layout: LayoutJson = { extends: 'JetClassII', signal: ['label_X_bb', 160], others: 'leave-out' };
    const source = await openJets(fixture('jetclass2.parquet'), { layout });
    const kept = jet_label.filter((label) => label === 0 || label === 160 || label >= 161);
    expect([...((await source.labels()) ?? [])]).toEqual(kept.map((label) => (label >= 161 ? 0 : 1)));
    source.close();
  });

  it('has no labels where a built-in layout does not find its columns', async () => {
    const source = await openJets(fixture('two-trees.root'), { dataset: 'second' });
    expect(source.count).toBe(4);
    expect(source.classes).toBeUndefined();
    expect(await source.labels()).toBeUndefined();
    source.close();
  });

  const MISTAKES: readonly [what: string, name: string, options: object, code: string, message: RegExp][] = [
    [
      'a misspelt column',
      'jetclass.parquet',
      { layout: { columns: { px: 'part_qx', py: 'part_py', pz: 'part_pz' } } },
      'BAD_DATASET',
      /no column part_qx; nearest is part_px of 16/,
    ],
    [
      'a number for a list',
      'higgs.root',
      { layout: { columns: { px: 'fj_pt', py: 'fj_eta', pz: 'fj_phi' } } },
      'BAD_DATASET',
      /column fj_pt is float32; expected a list/,
    ],
    [
      'a list for a number',
      'jetclass.root',
      { layout: { extends: 'JetClass', background: 'part_px' } },
      'BAD_DATASET',
      /column part_px is float32\[\]; expected one number/,
    ],
    [
      'a string',
      'jetclass.parquet',
      { layout: { extends: 'JetClass', signal: 'name' } },
      'BAD_DATASET',
      /column name is string/,
    ],
    [
      'missing labels',
      'jetclass.root',
      { layout: { extends: 'JetClass', signal: 'label_Tb' } },
      'BAD_DATASET',
      /no column label_Tb; nearest is label_Tbl/,
    ],
    ['no layout', 'no-jets.parquet', {}, 'BAD_DATASET', /none of the layouts .* its 2 columns are px, name/],
    [
      'two trees',
      'two-trees.root',
      {},
      'BAD_DATASET',
      /2 tables with jets \(first, second\); .*choose with the option dataset/,
    ],
    [
      'a wrong tree',
      'two-trees.root',
      { dataset: 'third' },
      'BAD_DATASET',
      /no tree third; the file has first, second/,
    ],
    ['no tree', 'no-tree.root', {}, 'BAD_DATASET', /no tree; the file has histogram \(TH1D\)/],
    ['RNTuple', 'ntuple.root', {}, 'UNSUPPORTED', /RNTuple is not read: write a TTree/],
    ['a wrong layout', 'jetclass.root', { layout: 'JetClas' }, 'BAD_ARGUMENT', /no layout JetClas/],
    [
      'a tree of Parquet',
      'jetclass.parquet',
      { dataset: 'tree' },
      'BAD_ARGUMENT',
      /option dataset for a file of format Parquet/,
    ],
    [
      'a layout of NumPy',
      'constituents.npy',
      { layout: 'JetClass' },
      'BAD_ARGUMENT',
      /expected with HDF5, .npz, ROOT, Parquet or .csv only/,
    ],
  ];
  it.each(MISTAKES)('says what is wrong: %s', async (_, name, options, code, message) => {
    expect(await errorOf(() => openJets(fixture(name), options))).toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['unequal.root', /jet 0: 2 numbers in part_py, 3 in part_px/],
    ['null.parquet', /column part_py: no value in row 5/],
  ])('names the jet of %s that is not whole', async (name, message) => {
    const source = await openJets(fixture(name));
    expect(await errorOf(() => source.read(0, source.count))).toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringMatching(message),
    });
    source.close();
  });
});

describe('columns of ROOT and Parquet files', () => {
  it('are read as scores and labels', async () => {
    const { truth = [], labels } = EXPECTED['jetclass.root'];
    expect(await readScores(fixture('jetclass.root'), { column: 'weight' })).toEqual(new Float64Array(40).fill(1));
    expect([...(await readLabels(fixture('jetclass.root'), { column: 'label_Tbqq' }))]).toEqual(
      truth.map((one) => (one === 8 ? 1 : 0)),
    );
    expect([...(await readLabels(fixture('jetclass.root')))]).toEqual(labels);
    expect((await readLabels(fixture('jetclass2.parquet'))).length).toBe(50);
    expect(await errorOf(() => readScores(fixture('jetclass.root'), { column: 'weihgt' }))).toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringMatching(/no column "weihgt".*nearest is "weight"/),
    });
    expect(await errorOf(() => readScores(fixture('jetclass.root'), { column: 'aux' }))).toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringMatching(/column "aux" is float64\[\]/),
    });
  });

  it('are read whatever way Parquet encodes them', async () => {
    const labels = Uint8Array.from(EXPECTED['pages-encodings.parquet'].labels);
    expect(await readLabels(fixture('pages-encodings.parquet'), { column: 'flag' })).toEqual(labels);
    const numbers = await readScores(fixture('pages-encodings.parquet'), { column: 'jet_label' });
    expect([...numbers]).toEqual(EXPECTED['jetclass2.parquet'].jet_label?.slice(0, 24));
  });

  it('are listed with their types', async () => {
    expect(await describeFile(fixture('higgs.root'))).toMatchObject({
      format: 'root',
      tables: [
        {
          name: 'deepntuplizer/tree',
          rows: 60,
          columns: 9,
          columnTypes: [...Array(4).fill('float32[]'), ...Array(3).fill('float32'), 'int32', 'int32'],
        },
      ],
      jets: { kind: 'constituents', count: 60, jetShape: [100, 4], classes: ['QCD', 'H'], charge: true },
    });
    const { tables, jets } = await describeFile(fixture('higgs-neither.root'));
    expect(tables[0].rows).toBe(60);
    expect(jets).toMatchObject({ count: 60, notLabels: expect.stringMatching(/2 of 60 jets are neither/) });
    expect((await describeFile(fixture('records.parquet'))).tables).toMatchObject([
      {
        columnNames: ['part.px', 'part.py', 'part.pz', 'signal'],
        columnTypes: ['float64[]', 'float64[]', 'float64[]', 'int64'],
      },
    ]);
    expect(await describeFile(fixture('counted-none.root'), layoutOf('counted-none.root'))).toMatchObject({
      tables: [{ columnTypes: expect.arrayContaining(['float32[3]', 'uint8', 'float64[]']) }],
      jets: { count: 36 },
    });
  });
});

describe('the package jsroot', () => {
  afterEach(() => {
    vi.doUnmock('jsroot/io');
    vi.resetModules();
  });

  it('is asked for by name where it is not installed', async () => {
    vi.resetModules();
    vi.doMock('jsroot/io', () => {
      throw new Error('Cannot find package');
    });
    const files = await import('../files.js');
    expect(await errorOf(() => files.openJets(fixture('higgs.root')))).toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      message: expect.stringMatching(/npm install jsroot/),
    });
  });

  it('is not loaded for other formats', async () => {
    vi.resetModules();
    let loaded = false;
    vi.doMock('jsroot/io', () => {
      loaded = true;
      return {};
    });
    const files = await import('../files.js');
    for (const name of ['jetclass.parquet', 'constituents.h5', 'constituents.npy'])
      (await files.openJets(fixture(name))).close();
    expect(loaded).toBe(false);
  });

  it('prints nothing', async () => {
    const spies = (['log', 'warn', 'error', 'info'] as const).map((how) => vi.spyOn(console, how));
    for (const name of NAMES.filter((one) => one.endsWith('.root')))
      await readWhole(await openJets(fixture(name), layoutOf(name)));
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});

describe('layouts of HDF5 files', () => {
  const PARTICLES = { E: 'E', px: 'px', py: 'py', pz: 'pz' } as const;
  const numbers = readNpy(fixtureBytes('constituents.npy')).data as Float32Array;

  it.each(['table-zlib.h5', 'table-fixed.h5', 'table-blosc.h5'])(
    'read the numbered columns of %s as the reader of such tables does',
    async (name) => {
      const native = await openJets(fixture(name));
      const source = await openJets(fixture(name), { layout: { extends: 'TopTagging', constituents: 8 } });
      expect(source.classes).toEqual(['QCD', 'top']);
      expect(await source.labels()).toEqual(await native.labels());
      expect((await source.read(3, 9)).data).toEqual((await native.read(3, 9)).data);
      native.close();
      source.close();
    },
  );

  it('read the datasets of a group, of which each has a number or a list of numbers a jet', async () => {
    const options = { layout: { columns: PARTICLES, labelColumn: 'truth', background: 0, signal: 5, constituents: 8 } };
    const source = await openJets(fixture('group-columns.h5'), options);
    expect(source).toMatchObject({ count: 12, jetShape: [8, 4] });
    expect(await readWhole(source)).toEqual(numbers);
    expect([...(await readLabels(fixture('group-columns.h5'), options))]).toEqual([
      ...readNpy(fixtureBytes('labels.npy')).data,
    ]);
    const leaving = await openJets(fixture('group-columns.h5'), {
      ...options,
      layout: { ...options.layout, signal: 6, others: 'leave-out' },
    });
    expect([...((await leaving.column?.('pt')) ?? [])]).toEqual(
      [...readNpy(fixtureBytes('labels.npy')).data].flatMap((label, jet) => (label === 0 ? [jet + 0.5] : [])),
    );
    leaving.close();
  });

  it('read arrays inside of records', async () => {
    const source = await openJets(fixture('record-columns.h5'), { layout: { columns: PARTICLES, constituents: 8 } });
    expect(await readWhole(source)).toEqual(numbers);
  });

  it.each(['jetclass.root', 'jetclass.parquet', 'table-zlib.h5'])(
    'leave the columns of %s to be picked by',
    async (name) => {
      const source = await openJets(fixture(name));
      const column = name === 'table-zlib.h5' ? 'is_signal_new' : 'label_QCD';
      const values = await columnOf(source, column);
      const picked = await whereSource(source, { column, equals: 1 });
      const jets = [...values.keys()].filter((jet) => values[jet] === 1);
      expect(picked.count).toBe(jets.length);
      expect(await picked.read(0, picked.count)).toEqual(await takeJets(source, jets));
      source.close();
    },
  );
});
