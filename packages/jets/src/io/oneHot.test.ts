import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { JetSource } from '../source/source.js';
import { openJets, readClasses, readColumns, readLabels } from './files.js';
import { fixture, readWhole, temporaryFolder } from './fixtures.testing.js';
import { writeNpy } from './npy/npy.js';
import type { LayoutJson } from './tables/layoutJson.js';

const temporary = temporaryFolder();

async function using<T>(source: JetSource, use: (source: JetSource) => Promise<T>): Promise<T> {
  try {
    return await use(source);
  } finally {
    source.close();
  }
}

async function arrayFile(name: string, data: Float32Array, shape: readonly number[]): Promise<string> {
  await writeFile(temporary(name), writeNpy({ dtype: 'float32', data, shape }));
  return temporary(name);
}

describe('one-hot labels', () => {
  const classes = Uint8Array.from({ length: 12 }, (_, jet) => jet % 3);

  it.each([
    ['one-hot-images.h5', 'images.npy'],
    ['one-hot-table.h5', 'constituents.npy'],
    ['one-hot.npz', 'images.npy'],
  ])('are numbers of classes: %s', async (name, plain) => {
    await using(await openJets(fixture(name)), async (source) => {
      expect((await source.labelsBetween?.(4, 9)) ?? classes.slice(4, 9)).toEqual(classes.slice(4, 9));
      expect(await source.labels()).toEqual(classes);
    });
    const jets = await readWhole(await openJets(fixture(plain)));
    expect(await readWhole(await openJets(fixture(name)))).toEqual(jets);
    expect(await readClasses(fixture(name))).toEqual(classes);
    expect(await readLabels(fixture(name), { signal: 2 })).toEqual(classes.map((label) => (label === 2 ? 1 : 0)));
    await expect(readLabels(fixture(name))).rejects.toThrow(/label 2 is 2; expected 0 .* option signal/);
  });

  it('of two classes are labels', async () => {
    const path = await arrayFile('two.npy', Float32Array.of(1, 0, 0, 1, 0, 1), [3, 2]);
    expect(await readLabels(path)).toEqual(Uint8Array.of(0, 1, 1));
  });

  it.each([
    ['no 1', [0, 0, 0], /label 1 is \(0, 0, 0\); expected one 1, and 0 elsewhere/],
    ['two of them', [1, 0, 1], /label 1 is \(1, 0, 1\)/],
    ['shares', [0.5, 0.25, 0.25], /label 1 is \(0.5, 0.25, 0.25\)/],
    ['not a number', [1, Number.NaN, 0], /label 1 is \(1, NaN, 0\)/],
  ])('with %s in a row are refused', async (_, row, message) => {
    const path = await arrayFile('bad.npy', Float32Array.of(1, 0, 0, ...row), [2, 3]);
    await expect(readClasses(path)).rejects.toMatchObject({ code: 'BAD_DATASET', details: { index: 1 } });
    await expect(readClasses(path)).rejects.toThrow(message);
  });

  it('of more classes than there are numbers for are refused', async () => {
    const path = await arrayFile('wide.npy', new Float32Array(300), [1, 300]);
    await expect(readClasses(path)).rejects.toThrow(/shape \(1, 300\); expected at most 255 classes/);
  });
});

describe('a column for each class', () => {
  const NAMES = ['QCD', 'Hbb', 'Hcc', 'Hgg', 'H4q', 'Hqql', 'Zqq', 'Wqq', 'Tbqq', 'Tbl'];

  it.each(['jetclass.root', 'jetclass.parquet'])('are ten classes of %s', async (name) => {
    const columns = await readColumns(
      fixture(name),
      NAMES.map((one) => `label_${one}`),
    );
    const truth = Uint8Array.from(columns.label_QCD, (_, jet) =>
      NAMES.findIndex((one) => columns[`label_${one}`][jet] === 1),
    );
    expect(new Set(truth).size).toBe(10);
    await using(await openJets(fixture(name), { layout: 'JetClass10' }), async (source) => {
      expect(source.classes).toEqual(NAMES);
      expect(await source.labels()).toEqual(truth);
    });
    expect(await readClasses(fixture(name), { layout: 'JetClass10' })).toEqual(truth);
  });

  it('may be merged, and values of one column chosen, others left out', async () => {
    const { truth } = await readColumns(fixture('ftag.h5'), ['HadronConeExclTruthLabelID']).then((columns) => ({
      truth: columns.HadronConeExclTruthLabelID,
    }));
    const layout: LayoutJson = { extends: 'FTAG', labels: [0, [4, 15], 5], classes: ['light', 'c or τ', 'b'] };
    await using(await openJets(fixture('ftag.h5'), { layout }), async (source) => {
      expect(source.classes).toEqual(['light', 'c or τ', 'b']);
      expect([...((await source.labels()) ?? [])]).toEqual(
        Array.from(truth, (value) => (value === 5 ? 2 : value === 0 ? 0 : 1)),
      );
    });
    const few: LayoutJson = { extends: 'JetClass', labels: ['label_QCD', 'label_Zqq', 'label_Wqq'] };
    const refused = await openJets(fixture('jetclass.root'), { layout: few });
    await expect(refused.labels()).rejects.toThrow(/of none of the 3 classes \(label_QCD, label_Zqq, label_Wqq\)/);
    refused.close();
    await using(await openJets(fixture('jetclass.root'), { layout: { ...few, others: 'leave-out' } }), async (left) => {
      expect(left.classes).toEqual(['QCD', 'Zqq', 'Wqq']);
      expect(new Set(await left.labels())).toEqual(new Set([0, 1, 2]));
    });
  });
});
