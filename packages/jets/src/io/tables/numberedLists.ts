/** @file Columns that are numbered, as `PX_0`, `PX_1`, …, seen as one column `PX` of lists. */
import { type ColumnRows, type ColumnTable, evenOffsets, type TableColumn } from './columnTable.js';

/**
 * The table with a column of lists for each set of columns of numbers that are numbered from 0 on, unless it has a column
 * of that name.
 */
export function withNumberedLists<T extends ColumnTable>(table: T): ColumnTable {
  const columns = new Map(table.columns);
  for (const name of table.columns.keys()) {
    const [, stem] = /^(.+)_0$/.exec(name) ?? [];
    if (stem === undefined || columns.has(stem)) continue;
    const parts: TableColumn[] = [];
    for (let part = table.columns.get(name); part?.form === 'number'; ) {
      parts.push(part);
      part = table.columns.get(`${stem}_${parts.length}`);
    }
    if (parts.length > 1) columns.set(stem, listOf(parts));
  }
  return { ...table, columns };
}

function listOf(parts: readonly TableColumn[]): TableColumn {
  const length = parts.length;
  return {
    type: `${parts[0].type}[${length}]`,
    form: 'list',
    async read(start, stop): Promise<ColumnRows> {
      const values = new Float64Array((stop - start) * length);
      for (const [i, part] of parts.entries()) {
        const rows = (await part.read(start, stop)).values;
        for (let row = 0; row < rows.length; row++) values[row * length + i] = rows[row];
      }
      return { values, offsets: evenOffsets(stop - start, length) };
    },
  };
}
