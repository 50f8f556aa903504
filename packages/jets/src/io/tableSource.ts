/** @file Jets from a table with columns E_i, PX_i, PY_i, PZ_i, as in the top-tagging reference dataset. */
import { JetError } from '../errors.js';
import { byDataset, type Column, type Table } from './columns.js';
import type { H5File } from './h5.js';
import { bytesOf, copyNumbers, READERS } from './numbers.js';
import { checkCount, type SliceReader } from './sliceSource.js';
import { binaryLabels, LABEL_NAMES } from './values.js';

const PARTS = ['E', 'PX', 'PY', 'PZ'];
const UNREAD = 255;
/** Shorter runs are read number by number. */
const LONG_RUN = 16;

/** The column that holds the labels, if there is one. */
export function labelColumn(columns: ReadonlyMap<string, unknown>): string | undefined {
  return LABEL_NAMES.find((name) => columns.has(name));
}

/** Number of constituents that a table has the columns of; 0 if it is another kind of table. */
export function constituentsOf(columns: ReadonlyMap<string, unknown>): number {
  let count = 0;
  while (PARTS.every((part) => columns.has(`${part}_${count}`))) count++;
  return count;
}

/** Columns that are neighbours in the row, to be copied as one. */
interface Run {
  readonly column: Column;
  /** index of the first number in the jet */
  readonly at: number;
  length: number;
}

function runsOf(columns: readonly Column[]): Run[] {
  const runs: Run[] = [];
  for (const [at, column] of columns.entries()) {
    const last = runs.at(-1);
    const next = last === undefined ? -1 : last.column.offset + last.length * bytesOf(last.column.type);
    if (last && last.column.dataset === column.dataset && last.column.type === column.type && next === column.offset)
      last.length++;
    else runs.push({ column, at, length: 1 });
  }
  return runs;
}

/**
 * Reads a table of constituents.
 *
 * @throws {JetError} BAD_DATASET if a label is neither 0 nor 1 (when labels are read)
 */
export function tableReader(file: H5File, table: Table): SliceReader {
  checkCount(file.name, table.rows);
  const constituents = constituentsOf(table.columns);
  const column = (name: string): Column => {
    const found = table.columns.get(name);
    if (found === undefined)
      throw new JetError('BAD_DATASET', `${file.name}: ${table.path} has no column ${name}`, { column: name });
    return found;
  };
  const indices = Array.from({ length: constituents }, (_, i) => i);
  const runs = byDataset(runsOf(indices.flatMap((i) => PARTS.map((part) => column(`${part}_${i}`)))));
  const charges = indices.every((i) => table.columns.has(`CHARGE_${i}`))
    ? byDataset(indices.map((i) => ({ column: column(`CHARGE_${i}`), at: i })))
    : undefined;
  const labelName = labelColumn(table.columns);
  const label = labelName === undefined ? undefined : column(labelName);
  const labels = new Uint8Array(label ? table.rows : 0).fill(UNREAD);
  const size = constituents * 4;

  const readLabels = (view: DataView, { type, offset, rowBytes }: Column, first: number, last: number): void => {
    const values = new Float64Array(last - first);
    for (let i = 0; i < values.length; i++) values[i] = READERS[type](view, i * rowBytes + offset);
    labels.set(binaryLabels(values, `${file.name}: column ${labelName} of ${table.path}`, first), first);
  };

  return {
    name: file.name,
    kind: 'constituents',
    count: table.rows,
    jetShape: [constituents, 4],
    hasCharge: charges !== undefined,
    fill(start, stop, out, charge) {
      for (const dataset of new Set([...runs.keys(), ...(charges?.keys() ?? [])]))
        file.readRows(dataset, start, stop, ({ buffer, byteOffset, byteLength }, first, last) => {
          const view = new DataView(buffer, byteOffset, byteLength);
          for (const { column, at, length } of runs.get(dataset) ?? [])
            if (length < LONG_RUN) {
              const read = READERS[column.type];
              for (let row = first, byte = column.offset; row < last; row++, byte += column.rowBytes)
                for (let i = 0; i < length; i++)
                  out[(row - start) * size + at + i] = read(view, byte + i * bytesOf(column.type));
            } else
              for (let row = first, byte = byteOffset + column.offset; row < last; row++, byte += column.rowBytes)
                copyNumbers(column.type, buffer, byte, out, (row - start) * size + at, length);
          if (charge)
            for (const { column, at } of charges?.get(dataset) ?? [])
              for (let row = first, byte = column.offset; row < last; row++, byte += column.rowBytes)
                charge[(row - start) * constituents + at] = READERS[column.type](view, byte);
          if (label?.dataset === dataset) readLabels(view, label, first, last);
        });
    },
    ...(label
      ? {
          labels() {
            for (let start = labels.indexOf(UNREAD); start >= 0; start = labels.indexOf(UNREAD)) {
              let stop = start;
              while (labels[stop] === UNREAD) stop++;
              file.readRows(label.dataset, start, stop, ({ buffer, byteOffset, byteLength }, first, last) =>
                readLabels(new DataView(buffer, byteOffset, byteLength), label, first, last),
              );
            }
            return labels.slice();
          },
        }
      : {}),
    close: () => file.close(),
  };
}
