/** @file A table of jets with named columns: of an HDF5 or Parquet file, or a ROOT tree. */
import { JetError } from '../../errors.js';
import { nearestName } from '../../nearestName.js';
import { quoted } from '../../quoted.js';
import { checkCount } from '../../source/checks.js';
import type { NumberArray } from '../../source/perJet.js';
import type { NumberColumn, TableDescription } from '../format.js';

/** Numbers of consecutive rows. */
export interface ColumnRows {
  /** numbers of all rows one after the other */
  readonly values: Float32Array | Float64Array;
  /** (rows + 1) row i has the values from offsets[i] to offsets[i + 1] */
  readonly offsets: Uint32Array;
}

/** One column. */
export interface TableColumn {
  /** for people, e.g. `float32`, `float32[]` */
  readonly type: string;
  /** one number a row, a list of numbers a row, or something that is not read */
  readonly form: 'number' | 'list' | 'other';
  /**
   * Rows [start, stop), one read at a time; reading on from where the last read ended decodes nothing twice.
   *
   * @throws {JetError} BAD_FILE; BAD_DATASET for missing values
   */
  read(start: number, stop: number): Promise<ColumnRows>;
}

/** An open table. */
export interface ColumnTable {
  /** of the file, with the path of the table in it */
  readonly name: string;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, TableColumn>;
}

/** A column by its name, in other letters of upper or lower case where that is one column alone. */
export function columnNamed(columns: ReadonlyMap<string, TableColumn>, name: string): TableColumn | undefined {
  const found = columns.get(name);
  if (found !== undefined) return found;
  const lower = name.toLowerCase();
  const like = [...columns].filter(([other]) => other.toLowerCase() === lower);
  return like.length === 1 ? like[0][1] : undefined;
}

/**
 * A column that has to be there.
 *
 * @throws {JetError} BAD_DATASET if it is not, or of another form
 */
export function requireColumn(table: ColumnTable, name: string, form: 'number' | 'list'): TableColumn {
  const column = columnNamed(table.columns, name);
  if (column === undefined) {
    const near = nearestName(name, table.columns.keys());
    throw new JetError(
      'BAD_DATASET',
      `${table.name}: no column ${name}; nearest is ${near ?? 'none'} of ${table.columns.size}; name the columns in a layout`,
      { column: name, nearest: near },
    );
  }
  if (column.form !== form)
    throw new JetError(
      'BAD_DATASET',
      `${table.name}: column ${name} is ${column.type}; expected ${form === 'list' ? 'a list of numbers a jet' : 'one number a jet'}; name another one in a layout`,
      { column: name, type: column.type },
    );
  return column;
}

/** A table of an open file. */
export interface TableEntry {
  /** with its folders, e.g. `deepntuplizer/tree`; empty where a file is one table */
  readonly path: string;
  /** Reads what columns it has. */
  read(): Promise<ColumnTable>;
}

/** Numbers a jet or constituent that are columns of their own, at most: arrays of more are no tables. */
export const MAX_PARTS = 32;

/** Rows of a column of numbers that are read at a time. */
const BLOCK = 65_536;

/** Offsets of rows that have `length` numbers each. */
export function evenOffsets(rows: number, length: number): Uint32Array {
  const offsets = new Uint32Array(rows + 1);
  for (let i = 1; i <= rows; i++) offsets[i] = i * length;
  return offsets;
}

/**
 * All numbers of a column of one number a row.
 *
 * @returns (rows,)
 * @throws {JetError} BAD_DATASET if there is no such column
 */
export async function readNumbers(table: ColumnTable, name: string): Promise<Float64Array> {
  const column = columnNamed(table.columns, name);
  if (column?.form === 'number') return readWhole(table, column, 1);
  const nearest = nearestName(name, table.columns.keys());
  throw new JetError(
    'BAD_DATASET',
    column
      ? `${table.name}: column ${quoted(name)} is ${column.type}; expected one number per row`
      : `${table.name}: no column ${quoted(name)} of ${table.columns.size}${nearest === undefined ? '' : `; nearest is ${quoted(nearest)}`}`,
    { column: name },
  );
}

/** How many numbers a row of a column has, where all have as many; undefined for lists of any length and what is not read. */
export function numbersARow({ form, type }: TableColumn): number | undefined {
  if (form !== 'list') return form === 'number' ? 1 : undefined;
  const [, length] = /\[(\d+)\]$/.exec(type) ?? [];
  return length === undefined ? undefined : Number(length);
}

/**
 * All numbers of a column that has as many in each row.
 *
 * @returns shape (rows,), of lists (rows, length)
 * @throws {JetError} as `readNumbers`
 */
export async function readRows(table: ColumnTable, name: string): Promise<NumberArray> {
  const column = columnNamed(table.columns, name);
  const length = column && numbersARow(column);
  return column?.form === 'list' && length !== undefined
    ? { shape: [table.rows, length], data: await readWhole(table, column, length) }
    : { shape: [table.rows], data: await readNumbers(table, name) };
}

async function readWhole({ name, rows }: ColumnTable, column: TableColumn, length: number): Promise<Float64Array> {
  checkCount(name, rows * length);
  const values = new Float64Array(rows * length);
  const step = Math.max(1, Math.floor(BLOCK / length));
  for (let row = 0; row < rows; row += step)
    values.set((await column.read(row, Math.min(rows, row + step))).values, row * length);
  return values;
}

/** The columns of tables, by name. */
export function numberColumns(tables: readonly ColumnTable[]): Map<string, NumberColumn[]> {
  const columns = new Map<string, NumberColumn[]>();
  for (const table of tables)
    for (const [name, column] of table.columns) {
      const found = columns.get(name) ?? [];
      columns.set(name, [...found, { type: column.type, read: () => readRows(table, name) }]);
    }
  return columns;
}

/** A table for people. */
export function describeTable(path: string, { rows, columns }: ColumnTable): TableDescription {
  const columnTypes = [...columns.values()].map(({ type }) => type);
  return { name: path, rows, columns: columns.size, columnNames: [...columns.keys()], columnTypes };
}
