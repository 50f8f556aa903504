/** @file Groups of flat arrays: the constituents of all jets one after the other, and where those of each jet begin. */
import { JetError } from '../../errors.js';
import type { ColumnTable, TableColumn } from '../tables/columnTable.js';
import type { H5File } from './h5.js';
import type { H5Table } from './tables.js';

/** Names under which a group tells where its rows begin: n + 1 whole numbers, the last of them the length of the arrays. */
const OFFSETS = ['offset', 'offsets'];

/** A table of a file. */
export interface RaggedTable extends ColumnTable {
  readonly path: string;
}

/**
 * Groups with `offset` (n + 1), as tables of n rows: their arrays are columns of lists, and columns of n numbers, theirs or
 * those of other groups, stand beside them, where the name is free.
 *
 * @param groups of arrays of equal length, as `groupTables` gives them
 */
export function raggedTables(file: H5File, groups: readonly H5Table[]): RaggedTable[] {
  return groups.flatMap(({ path, rows: ends, columns }) => {
    const offset = OFFSETS.map((name) => columns.get(name)).find((column) => column?.form === 'number');
    if (offset === undefined || ends < 1) return [];
    const rows = ends - 1;
    const name = `${file.name}: ${path}`;
    const arrays = groups.filter((group) => group.path === path && group.rows !== ends);
    const longer = arrays.filter((group) => group.rows !== rows);
    const lists = longer.length > 0 ? longer : arrays;
    if (lists.length === 0) return [];
    let read: Promise<Float64Array> | undefined;
    const starts = (): Promise<Float64Array> => {
      read ??= offset.read(0, ends).then(({ values }) => Float64Array.from(values));
      return read;
    };
    const made = new Map<string, TableColumn>();
    for (const list of lists)
      for (const [key, column] of list.columns)
        if (column.form === 'number') made.set(key, listColumn(name, key, column, list.rows, starts));
    for (const group of groups)
      if (!lists.includes(group) && group.rows === rows)
        for (const [key, column] of group.columns) if (!made.has(key)) made.set(key, column);
    return [{ name, path, rows, columns: made }];
  });
}

function listColumn(
  name: string,
  key: string,
  flat: TableColumn,
  length: number,
  starts: () => Promise<Float64Array>,
): TableColumn {
  return {
    type: `${flat.type}[]`,
    form: 'list',
    async read(start, stop) {
      const part = (await starts()).subarray(start, stop + 1);
      const bad = part.findIndex(
        (at, i) => !(Number.isInteger(at) && at >= 0 && at <= length && at >= (part[i - 1] ?? 0)),
      );
      if (bad >= 0)
        throw new JetError(
          'BAD_FILE',
          `${name}: offset ${start + bad} is ${part[bad]}; expected whole numbers that do not fall, up to the ${length} numbers of ${key}; write the file again`,
          { row: start + bad, offset: part[bad] },
        );
      const first = part[0];
      const { values } = await flat.read(first, part[part.length - 1]);
      return { values, offsets: Uint32Array.from(part, (at) => at - first) };
    },
  };
}
