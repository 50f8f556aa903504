/** @file NumPy `.npz` archives. */
import { JetError } from '../../errors.js';
import { readAll } from '../bytes/readAll.js';
import { beginsWith, type Format } from '../format.js';
import { findTable } from '../tables/findTable.js';
import { layoutReader } from '../tables/layoutReader.js';
import { arrayTable } from './arrayTable.js';
import { readNpz } from './npz.js';
import { npzReader } from './npzReader.js';
import { numbersOf, textsOf } from './perJet.js';

const noTable = (name: string): JetError =>
  new JetError(
    'BAD_DATASET',
    `${name}: no tables inside; expected a layout without "tree"; the arrays are its columns`,
  );

export const npz: Format = {
  name: 'npz',
  title: '.npz',
  recognise: beginsWith([0x50, 0x4b, 0x03, 0x04], [0x50, 0x4b, 0x05, 0x06]),
  options: ['dataset', 'layout', 'components', 'unit'],
  async open(file, options) {
    const { name } = file;
    const arrays = readNpz(readAll(file), { name });
    return {
      contents: async () => ({
        arrays: [...arrays].map(([key, { dtype, shape }]) => ({ name: key, dtype, shape })),
        tables: [],
      }),
      columns: async () =>
        new Map(
          [...arrays].map(([key, array]) => [
            key,
            [{ type: array.dtype, read: async () => numbersOf(array, `${name}: ${key}`), ...textsOf(array) }],
          ]),
        ),
      async jets() {
        const { layout: wanted, dataset, padding } = options;
        if (wanted === undefined) return npzReader(arrays, name, dataset);
        const entry = { path: '', read: async () => arrayTable(name, arrays) };
        const { table, layout } = await findTable(name, [entry], { layout: wanted }, () => noTable(name));
        return layoutReader(table, layout, padding);
      },
      close: () => file.close(),
    };
  },
};
