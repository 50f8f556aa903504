/** @file Tables in HDF5 files, as pandas and PyTables write them, seen as named columns. */
import { JetError } from '../../errors.js';
import { checkCount } from '../../source/checks.js';
import { bytesOf, isNumberType, type NumberType } from '../bytes/numbers.js';
import type { H5Dataset, H5File } from './h5.js';
import { readPickledNames } from './pickle.js';

/** Where the numbers of a column lie. */
export interface Column {
  readonly type: NumberType;
  readonly dataset: H5Dataset;
  /** from the start of the row */
  readonly offset: number;
  /** bytes of a row */
  readonly rowBytes: number;
}

/** A table: columns of equal length, possibly spread over several datasets. */
export interface Table {
  readonly path: string;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
}

const REFERENCE_TRUTH = ['truthE', 'truthPX', 'truthPY', 'truthPZ'];

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

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function pickledNames(file: H5File, path: string, attribute: string, length: number): string[] | undefined {
  const text = file.attribute(path, attribute);
  const names = text === undefined ? undefined : readPickledNames(text);
  return names?.length === length ? names : undefined;
}

/** Names of the columns of a pandas block, from the file or else from the reference layout. */
function blockNames(file: H5File, path: string, block: string, type: NumberType, length: number): string[] {
  return (
    pickledNames(file, path, `${block}_kind`, length) ??
    referenceNames(type, length) ??
    Array.from({ length }, (_, i) => `${block}[${i}]`)
  );
}

/** A one-dimensional dataset of records: named fields, or pandas' `values_block_N` arrays. */
function compoundTable(file: H5File, dataset: H5Dataset): Table {
  const columns = new Map<string, Column>();
  for (const { name, type, offset, length } of dataset.fields) {
    if (!isNumberType(type)) continue;
    const names =
      length === 1 && !name.startsWith('values_block_') ? [name] : blockNames(file, dataset.path, name, type, length);
    for (const [i, column] of names.entries())
      columns.set(column, { type, dataset, offset: offset + i * bytesOf(type), rowBytes: dataset.elementBytes });
  }
  return { path: dataset.path, rows: dataset.shape[0], columns };
}

/** Strings of a dataset of fixed-width strings. */
export function readStrings(file: H5File, dataset: H5Dataset): string[] {
  const decoder = new TextDecoder();
  const strings: string[] = [];
  const width = dataset.elementBytes;
  checkCount(file.name, dataset.shape[0]);
  file.readRows(dataset, 0, dataset.shape[0], ({ buffer, byteOffset }, first, last) => {
    for (let i = 0; i < last - first; i++) {
      const bytes = new Uint8Array(buffer, byteOffset + i * width, width);
      const end = bytes.indexOf(0);
      strings.push(decoder.decode(bytes.slice(0, end < 0 ? width : end)));
    }
  });
  return strings;
}

/** pandas' `fixed` format: `blockN_values` (rows, columns) with the names in `blockN_items`; or a bare `values_block_N`. */
function blockTable(file: H5File, group: string, blocks: readonly H5Dataset[]): Table {
  const columns = new Map<string, Column>();
  const rows = blocks[0].shape[0];
  for (const dataset of blocks) {
    const { type, shape, path } = dataset;
    if (!isNumberType(type)) continue;
    if (shape[0] !== rows)
      throw new JetError(
        'BAD_FILE',
        `${file.name}: ${path} has ${shape[0]} rows, ${blocks[0].path} has ${rows}; expected as many; write the table again`,
        { path, rows: shape[0], expected: rows },
      );
    const items = file.datasets.find(
      (other) =>
        other.path === path.replace(/_values$/, '_items') && other.type === 'string' && other.shape.length === 1,
    );
    const stored = items !== undefined && items.shape[0] === shape[1] ? readStrings(file, items) : undefined;
    const names = stored ?? blockNames(file, group, path.slice(path.lastIndexOf('/') + 1), type, shape[1]);
    for (const [i, column] of names.entries())
      columns.set(column, { type, dataset, offset: i * bytesOf(type), rowBytes: shape[1] * bytesOf(type) });
  }
  return { path: group, rows, columns };
}

/** Every table of a file. */
export function listTables(file: H5File): Table[] {
  const tables = file.datasets
    .filter(({ type, shape }) => type === 'compound' && shape.length === 1)
    .map((dataset) => compoundTable(file, dataset));
  const blocks = file.datasets.filter(
    ({ path, shape }) => shape.length === 2 && /\/(block\d+_values|values_block_\d+)$/.test(path),
  );
  for (const group of new Set(blocks.map(({ path }) => parentOf(path))))
    tables.push(
      blockTable(
        file,
        group,
        blocks.filter(({ path }) => parentOf(path) === group),
      ),
    );
  return tables;
}

/** Columns that lie in the same rows are read together, once. */
export function byDataset<T extends { readonly column: Column }>(wanted: readonly T[]): Map<H5Dataset, T[]> {
  const groups = new Map<H5Dataset, T[]>();
  for (const one of wanted) {
    const group = groups.get(one.column.dataset) ?? [];
    group.push(one);
    groups.set(one.column.dataset, group);
  }
  return groups;
}
