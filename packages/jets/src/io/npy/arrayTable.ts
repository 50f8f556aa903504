/** @file The arrays of an archive as a table. */
import { type ColumnTable, evenOffsets, MAX_PARTS, type TableColumn } from '../tables/columnTable.js';
import type { NpyArray } from './npy.js';

/**
 * The arrays that have as many rows as the first: of (n) there is a column `name`, of (n, k) columns `name[0]`, `name[1]`, …
 * of numbers, of (n, m, k) the same of lists.
 */
export function arrayTable(name: string, arrays: ReadonlyMap<string, NpyArray>): ColumnTable {
  const [first] = [...arrays.values()].filter(({ shape }) => shape.length === 3);
  const rows = first?.shape[0] ?? [...arrays.values()][0]?.shape[0] ?? 0;
  const columns = new Map<string, TableColumn>();
  for (const [key, array] of arrays) {
    const { shape, dtype } = array;
    if (shape[0] !== rows || shape.length > 3 || dtype === 'string' || dtype === 'bytes') continue;
    const [, second, third] = shape;
    const parts = third ?? second;
    if (parts === undefined) columns.set(key, arrayColumn(array, 0, 1, undefined));
    else if (parts <= MAX_PARTS)
      for (let part = 0; part < parts; part++)
        columns.set(`${key}[${part}]`, arrayColumn(array, part, parts, third === undefined ? undefined : second));
  }
  return { name, rows, columns };
}

function arrayColumn({ dtype, data }: NpyArray, part: number, parts: number, length: number | undefined): TableColumn {
  const count = length ?? 1;
  return {
    type: length === undefined ? dtype : `${dtype}[${length}]`,
    form: length === undefined ? 'number' : 'list',
    async read(start, stop) {
      const values = new Float64Array((stop - start) * count);
      for (let i = 0; i < values.length; i++) values[i] = Number(data[(start * count + i) * parts + part]);
      return { values, offsets: evenOffsets(stop - start, count) };
    },
  };
}
