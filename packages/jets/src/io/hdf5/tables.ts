/** @file Tables in HDF5 files: as pandas and PyTables write them, records, or the datasets of a group. */
import { counted } from '../../counted.js';
import { JetError } from '../../errors.js';
import { checkCount } from '../../source/checks.js';
import { bytesOf, copyNumbers, isNumberType, type NumberType, READERS } from '../bytes/numbers.js';
import { type ColumnRows, type ColumnTable, evenOffsets, type TableColumn } from '../tables/columnTable.js';
import { baseName, type H5Dataset } from './dataset.js';
import type { H5File } from './h5.js';
import { readPickledNames } from './pickle.js';
import { rowBytesOf } from './rows.js';

/** A column, and where its numbers lie. */
export interface H5Column extends TableColumn {
  readonly number: NumberType;
  readonly dataset: H5Dataset;
  /** from the start of the row */
  readonly offset: number;
  /** bytes of a row of the dataset */
  readonly rowBytes: number;
  /** numbers a row */
  readonly length: number;
}

/** A table: columns of equal length, possibly spread over several datasets. */
export interface H5Table extends ColumnTable {
  readonly path: string;
  readonly columns: ReadonlyMap<string, H5Column>;
}

const REFERENCE_TRUTH = ['truthE', 'truthPX', 'truthPY', 'truthPZ'];
/** Decompressed rows that are kept, so that columns which lie in them, and later rows, need no decompression again. */
const HELD_BYTES = 2 ** 24;

/**
 * Column names of a block of the top-tagging reference dataset, for files that have lost them: 4 numbers a constituent,
 * then the truth, or `ttv, is_signal_new`.
 *
 * @see https://doi.org/10.5281/zenodo.2603256
 */
function referenceNames(type: NumberType, length: number): string[] | undefined {
  if (!type.startsWith('float')) return length === 2 ? ['ttv', 'is_signal_new'] : undefined;
  const constituents = (length - REFERENCE_TRUTH.length) / 4;
  if (!Number.isInteger(constituents) || constituents < 1) return undefined;
  const names = Array.from({ length: constituents }, (_, i) => ['E', 'PX', 'PY', 'PZ'].map((part) => `${part}_${i}`));
  return [...names.flat(), ...REFERENCE_TRUTH];
}

/** LHC Olympics: three numbers a hadron, then the truth; pandas numbers its columns, which are no names. */
const OLYMPICS = { hadrons: 700, parts: ['hadron_pt', 'hadron_eta', 'hadron_phi'] };

function olympicsNames(type: NumberType, length: number): string[] | undefined {
  const { hadrons, parts } = OLYMPICS;
  if (!type.startsWith('float') || length !== hadrons * parts.length + 1) return undefined;
  const names = Array.from({ length: hadrons }, (_, i) => parts.map((part) => `${part}_${i}`));
  return [...names.flat(), 'is_signal'];
}

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

function pickledNames(file: H5File, path: string, attribute: string, length: number): string[] | undefined {
  const text = file.attribute(path, attribute);
  const names = text === undefined ? undefined : readPickledNames(text);
  return names?.length === length ? names : undefined;
}

/** Columns of one block: a damaged file may announce any number without having a byte of them. */
const MAX_COLUMNS = 2 ** 18;

/**
 * Names of the columns of a pandas block, from the file or else from the reference layout.
 *
 * @throws {JetError} LIMIT_EXCEEDED above 2¹⁸ columns
 */
function blockNames(file: H5File, path: string, block: string, type: NumberType, length: number): string[] {
  if (length > MAX_COLUMNS)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${file.name}: ${block} of ${path} has ${length} numbers a row; expected at most ${MAX_COLUMNS}, one a column`,
      { columns: length, limit: MAX_COLUMNS },
    );
  return (
    pickledNames(file, path, `${block}_kind`, length) ??
    referenceNames(type, length) ??
    olympicsNames(type, length) ??
    Array.from({ length }, (_, i) => `${block}[${i}]`)
  );
}

/** Takes the bytes of consecutive rows; the first of them is row `first`. */
export type UseBytes = (bytes: Uint8Array<ArrayBuffer>, first: number, last: number) => void;
export type ReadBytes = (start: number, stop: number, use: UseBytes) => Promise<void>;

/** Reads rows of a dataset in whole chunks, of which those read last are kept. */
export function heldRows(file: H5File, dataset: H5Dataset): ReadBytes {
  const rowBytes = rowBytesOf(dataset);
  let held: { readonly first: number; readonly last: number; readonly bytes: Uint8Array<ArrayBuffer> } | undefined;
  return async (start, stop, use) => {
    const step = file.blockRows(dataset, HELD_BYTES);
    for (let row = start; row < stop; ) {
      const first = row - (row % step);
      if (held?.first !== first) {
        const last = Math.min(dataset.shape[0], first + step);
        const bytes = new Uint8Array((last - first) * rowBytes);
        held = undefined;
        await file.readRows(dataset, first, last, ({ buffer, byteOffset, byteLength }, from) =>
          bytes.set(new Uint8Array(buffer, byteOffset, byteLength), (from - first) * rowBytes),
        );
        held = { first, last, bytes };
      }
      const to = Math.min(stop, held.last);
      use(held.bytes.subarray((row - first) * rowBytes, (to - first) * rowBytes), row, to);
      row = to;
    }
  };
}

/** Makes columns of one dataset, which share the rows that are kept. */
function columnsOf(file: H5File, dataset: H5Dataset) {
  const read = heldRows(file, dataset);
  const rowBytes = rowBytesOf(dataset);
  return (number: NumberType, offset: number, length: number | undefined): H5Column => {
    const count = length ?? 1;
    return {
      number,
      dataset,
      offset,
      rowBytes,
      length: count,
      type: length === undefined ? number : `${number}[${length}]`,
      form: length === undefined ? 'number' : 'list',
      async read(start, stop): Promise<ColumnRows> {
        const values =
          number === 'float32' ? new Float32Array((stop - start) * count) : new Float64Array((stop - start) * count);
        await read(start, stop, (bytes, first, last) => {
          const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
          if (count === 1)
            for (let row = first, byte = offset; row < last; row++, byte += rowBytes)
              values[row - start] = READERS[number](view, byte);
          else
            for (let row = first; row < last; row++)
              copyNumbers(
                number,
                bytes.buffer,
                bytes.byteOffset + (row - first) * rowBytes + offset,
                values,
                (row - start) * count,
                count,
              );
        });
        return { values, offsets: evenOffsets(stop - start, count) };
      },
    };
  };
}

/** A one-dimensional dataset of records: named fields, or pandas' `values_block_N` arrays. */
function recordTable(file: H5File, dataset: H5Dataset): H5Table {
  const columns = new Map<string, H5Column>();
  const column = columnsOf(file, dataset);
  for (const { name, type, offset, length } of dataset.fields) {
    if (!isNumberType(type)) continue;
    if (name.startsWith('values_block_'))
      for (const [i, one] of blockNames(file, dataset.path, name, type, length ?? 1).entries())
        columns.set(one, column(type, offset + i * bytesOf(type), undefined));
    else columns.set(name, column(type, offset, length));
  }
  return { name: `${file.name}: ${dataset.path}`, path: dataset.path, rows: dataset.shape[0], columns };
}

/** Strings of a dataset of fixed-width strings. */
export async function readStrings(file: H5File, dataset: H5Dataset): Promise<string[]> {
  const decoder = new TextDecoder();
  const strings: string[] = [];
  const width = dataset.elementBytes;
  checkCount(file.name, dataset.shape[0]);
  await file.readRows(dataset, 0, dataset.shape[0], ({ buffer, byteOffset }, first, last) => {
    for (let i = 0; i < last - first; i++) {
      const bytes = new Uint8Array(buffer, byteOffset + i * width, width);
      const end = bytes.indexOf(0);
      strings.push(decoder.decode(bytes.slice(0, end < 0 ? width : end)));
    }
  });
  return strings;
}

/** pandas' `fixed` format: `blockN_values` (rows, columns) with the names in `blockN_items`; or a bare `values_block_N`. */
async function blockTable(file: H5File, group: string, blocks: readonly H5Dataset[]): Promise<H5Table> {
  const columns = new Map<string, H5Column>();
  const rows = blocks[0].shape[0];
  for (const dataset of blocks) {
    const { type, shape, path } = dataset;
    if (!isNumberType(type)) continue;
    if (shape[0] !== rows)
      throw new JetError(
        'BAD_FILE',
        `${file.name}: ${path} has ${counted(shape[0], 'row')}, ${blocks[0].path} has ${rows}; expected as many; write the table again`,
        { path, rows: shape[0], expected: rows },
      );
    const items = file.datasets.find(
      (other) =>
        other.path === path.replace(/_values$/, '_items') && other.type === 'string' && other.shape.length === 1,
    );
    const stored = items !== undefined && items.shape[0] === shape[1] ? await readStrings(file, items) : undefined;
    const names = stored ?? blockNames(file, group, baseName(path), type, shape[1]);
    const column = columnsOf(file, dataset);
    for (const [i, name] of names.entries()) columns.set(name, column(type, i * bytesOf(type), undefined));
  }
  return { name: `${file.name}: ${group}`, path: group, rows, columns };
}

const isBlock = ({ path, shape }: H5Dataset): boolean =>
  shape.length === 2 && /\/(block\d+_values|values_block_\d+)$/.test(path);

/** Tables of records, and those of pandas. */
export async function recordTables(file: H5File): Promise<H5Table[]> {
  const tables = file.datasets
    .filter(({ type, shape }) => type === 'compound' && shape.length === 1)
    .map((dataset) => recordTable(file, dataset));
  const blocks = file.datasets.filter(isBlock);
  for (const group of new Set(blocks.map(({ path }) => parentOf(path))))
    tables.push(
      await blockTable(
        file,
        group,
        blocks.filter(({ path }) => parentOf(path) === group),
      ),
    );
  return tables;
}

/** The datasets of a group that have as many rows: (n,) is a column of numbers, (n, m) one of lists. */
export function groupTables(file: H5File): H5Table[] {
  const tables = new Map<string, { path: string; rows: number; columns: Map<string, H5Column> }>();
  for (const dataset of file.datasets) {
    const { path, shape, type } = dataset;
    if (!isNumberType(type) || (shape.length !== 1 && shape.length !== 2) || isBlock(dataset)) continue;
    const [rows, length] = shape;
    const key = `${parentOf(path)} ${rows}`;
    const table = tables.get(key) ?? { path: parentOf(path), rows, columns: new Map<string, H5Column>() };
    table.columns.set(baseName(path), columnsOf(file, dataset)(type, 0, length));
    tables.set(key, table);
  }
  return [...tables.values()].map((table) => ({ ...table, name: `${file.name}: ${table.path}` }));
}

/** Columns that lie in the same rows are read together, once. */
export function byDataset<T extends { readonly column: H5Column }>(wanted: readonly T[]): Map<H5Dataset, T[]> {
  const groups = new Map<H5Dataset, T[]>();
  for (const one of wanted) {
    const group = groups.get(one.column.dataset) ?? [];
    group.push(one);
    groups.set(one.column.dataset, group);
  }
  return groups;
}
