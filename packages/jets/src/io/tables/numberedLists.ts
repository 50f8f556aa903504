/** @file Columns that are numbered, as `PX_0`, `PX_1`, …, seen as one column `PX` of lists. */
import { JetError } from '../../errors.js';
import { shortText } from '../../quoted.js';
import { type ColumnRows, type ColumnTable, evenOffsets, type TableColumn } from './columnTable.js';

/**
 * The table with a column of lists for each set of columns of numbers that are numbered from 0 on, unless it has a column
 * of that name. Where one of them is missing or holds no numbers, `read` says so, for the list would end there.
 */
export function withNumberedLists<T extends ColumnTable>(table: T): ColumnTable {
  const columns = new Map(table.columns);
  const counts = countNumbered(table.columns.keys());
  for (const name of table.columns.keys()) {
    const [, stem] = /^(.+)_0$/.exec(name) ?? [];
    if (stem === undefined || columns.has(stem)) continue;
    const parts: TableColumn[] = [];
    for (let part = table.columns.get(name); part?.form === 'number'; ) {
      parts.push(part);
      part = table.columns.get(`${stem}_${parts.length}`);
    }
    if (parts.length > 1) {
      const next = `${stem}_${parts.length}`;
      const isWhole = parts.length === counts.get(stem);
      columns.set(stem, isWhole ? listOf(parts) : brokenList(table, parts, next));
    }
  }
  return { ...table, columns };
}

/** How many columns each stem has by the largest of their numbers. */
function countNumbered(names: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) {
    const [, stem, number] = /^(.+)_(0|[1-9]\d*)$/.exec(name) ?? [];
    if (stem !== undefined) counts.set(stem, Math.max(counts.get(stem) ?? 0, Number(number) + 1));
  }
  return counts;
}

/** @param next column that is missing, or holds no numbers */
function brokenList({ name, columns }: ColumnTable, parts: readonly TableColumn[], next: string): TableColumn {
  return {
    ...listOf(parts),
    async read() {
      const what = columns.get(next)?.type ?? 'missing';
      throw new JetError(
        'BAD_DATASET',
        `${name}: column ${shortText(next)} is ${what}; expected numbers, as in the ${parts.length} before it; repair it, or leave out all with higher numbers`,
        { column: next },
      );
    },
  };
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
