/** @file Files of any supported format in Node, told apart by what is in them. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { JetError } from '../errors.js';
import { checkCount } from '../source/checks.js';
import type { JetSource } from '../source/source.js';
import { fileError, openNodeFile, withNodeFile } from './bytes/nodeFile.js';
import { detectFormat } from './format.js';
import { checkOptions } from './formatOptions.js';
import { columnNames, type OpenHdf5Options, openHdf5, readColumns } from './hdf5/hdf5.js';
import { npzSource } from './npy/arraySource.js';
import { type NpyArray, readNpy } from './npy/npy.js';
import { openNpy, readAll } from './npy/npySource.js';
import { readNpz } from './npy/npz.js';
import { NODE_ROOT } from './root/nodeRoot.js';
import type { ColumnTable } from './tables/columnTable.js';
import { nearestName } from './tables/nearestName.js';
import { isTableFormat, listTables, type OpenTableOptions, openTable, type TableFormat } from './tables/tableFile.js';
import {
  binaryLabels,
  classNumbers,
  LABEL_NAMES,
  labelNumbers,
  type ScoreTable,
  scoresOf,
  scoreTableOf,
} from './values.js';

export * from './bytes/atomicFile.js';
export * from './describeFile.js';
export { type LayoutColumns, type LayoutJson, layoutNames } from './tables/layout.js';
export type { ScoreTable } from './values.js';

/** How to read a file that can be read in more than one way. */
export type OpenJetsOptions = OpenHdf5Options & OpenTableOptions;

/** Where in a file one number a jet is found. */
export interface ColumnOptions {
  /** name of the column, dataset or array, where the file has several */
  readonly column?: string;
}

/**
 * Opens the jets of an HDF5, `.npy`, `.npz`, ROOT or Parquet file, told apart by its first bytes.
 * All are read from disk by slices, but `.npz`, which is read whole. ROOT needs the package `jsroot`.
 *
 * @param options `dataset` and `classes` are for HDF5, `dataset` and `layout` for ROOT, `layout` for Parquet
 * @throws {JetError} FILE_NOT_FOUND; BAD_FILE if it is truncated, corrupt or of another format; BAD_DATASET if there
 *   are no jets in it; UNSUPPORTED; LIMIT_EXCEEDED. `read` throws NOT_FINITE for NaN
 */
export async function openJets(path: string, options: OpenJetsOptions = {}): Promise<JetSource> {
  const format = withNodeFile(path, detectFormat);
  checkOptions(path, format, options);
  if (format === 'hdf5') return openHdf5(path, options);
  if (isTableFormat(format)) return openTable(openNodeFile(path), format, options, NODE_ROOT);
  if (format === 'npz') return npzSource(readNpz(withNodeFile(path, readAll), { name: path }), path);
  const file = openNodeFile(path);
  try {
    return openNpy(file);
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Reads scores: a `.npy` array, an array of a `.npz` archive, or a column of an HDF5, ROOT or Parquet file.
 *
 * @param options `column` is needed for `.npz` and HDF5 files unless it is called `scores`, or is the only array
 * @returns (n,) as stored where that is float32 or float64
 * @throws {JetError} as `openJets`; SHAPE_MISMATCH if there is not one number a jet; NOT_FINITE
 */
export async function readScores(path: string, { column }: ColumnOptions = {}): Promise<Float32Array | Float64Array> {
  const format = withNodeFile(path, detectFormat);
  if (format === 'npy' || format === 'npz') return scoresOf(pickArray(path, column, ['scores']), path);
  const name = column ?? 'scores';
  const data = isTableFormat(format)
    ? await withTables(path, format, (tables) => readNumbers(path, tables, name))
    : (await readColumns(path, [name]))[name];
  return scoresOf({ dtype: 'float64', shape: [data.length], data }, `${path}: ${name}`);
}

/**
 * Reads scores of one class or several: as `readScores`, and tables of `.npy` files and `.npz` archives.
 *
 * @returns shape (n, classes), row-major; (n, 1) where there is one score per jet
 * @throws {JetError} as `readScores`
 */
export async function readScoreTable(path: string, options: ColumnOptions = {}): Promise<ScoreTable> {
  const format = withNodeFile(path, detectFormat);
  if (format === 'npy' || format === 'npz') return scoreTableOf(pickArray(path, options.column, ['scores']), path);
  const data = await readScores(path, options);
  return { shape: [data.length, 1], data };
}

/**
 * Reads labels: a `.npy` array, an array of a `.npz` archive, a column of an HDF5, ROOT or Parquet file, or the labels
 * that come with the jets of such a file.
 *
 * @param options `column` is needed unless it is called `labels`, `label`, `y`, `is_signal_new` or `is_signal`
 * @returns (n,) 0 = background, 1 = signal
 * @throws {JetError} as `openJets`; BAD_DATASET if there are none, or one is neither 0 nor 1
 */
export async function readLabels(path: string, options: ColumnOptions = {}): Promise<Uint8Array> {
  const found = await findLabels(path, options);
  return found === undefined ? labelsBesideJets(path) : binaryLabels(found.values, found.name);
}

/**
 * Reads labels of any number of classes, from where `readLabels` finds them.
 *
 * @returns (n,) numbers of the classes, from 0
 * @throws {JetError} as `openJets`; BAD_DATASET if there are none, or one is no whole number from 0 to 65,535
 */
export async function readClasses(path: string, options: ColumnOptions = {}): Promise<Uint16Array> {
  const found = await findLabels(path, options);
  return found === undefined ? Uint16Array.from(await labelsBesideJets(path)) : classNumbers(found.values, found.name);
}

/** Labels of any kind and where they were found; undefined where they can only come with the jets. */
async function findLabels(
  path: string,
  { column }: ColumnOptions,
): Promise<{ readonly name: string; readonly values: ArrayLike<number | bigint> } | undefined> {
  const format = withNodeFile(path, detectFormat);
  if (format === 'npy' || format === 'npz')
    return { name: path, values: labelNumbers(pickArray(path, column, LABEL_NAMES), path) };
  if (isTableFormat(format)) {
    const values = await withTables(path, format, async (tables) => {
      const has = (name: string): boolean => tables.some(({ columns }) => columns.has(name));
      const name = column ?? LABEL_NAMES.find(has);
      return name === undefined ? undefined : readNumbers(path, tables, name);
    });
    return values && { name: `${path}: labels`, values };
  }
  const names = column === undefined ? await columnNames(path) : [column];
  const name = column ?? LABEL_NAMES.find((one) => names.includes(one));
  if (name === undefined) return undefined;
  const { [name]: values } = await readColumns(path, [name]);
  return { name: `${path}: ${name}`, values };
}

async function labelsBesideJets(path: string): Promise<Uint8Array> {
  const source = await openJets(path);
  try {
    const labels = await source.labels();
    if (labels) return labels;
    throw new JetError(
      'BAD_DATASET',
      `${path}: no labels beside its ${source.count} jets; expected a column or dataset ${LABEL_NAMES.join(', ')}; name another one with the option column`,
      { jets: source.count },
    );
  } finally {
    source.close();
  }
}

async function withTables<T>(
  path: string,
  format: TableFormat,
  use: (tables: readonly ColumnTable[]) => Promise<T>,
): Promise<T> {
  const file = openNodeFile(path);
  try {
    const { tables } = await listTables(file, format, NODE_ROOT);
    const read: ColumnTable[] = [];
    for (const one of tables) read.push(await one.read());
    return await use(read);
  } finally {
    file.close();
  }
}

/** A column of one number a row, of the only table that has it. */
async function readNumbers(path: string, tables: readonly ColumnTable[], name: string): Promise<Float64Array> {
  const found = tables.filter(({ columns }) => columns.has(name));
  const column = found[0]?.columns.get(name);
  if (column === undefined || found.length > 1 || column.form !== 'number') {
    const names = tables.flatMap(({ columns }) => [...columns.keys()]);
    const what = column
      ? `in ${found.length} trees, of type ${column.type}`
      : `missing, nearest is ${nearestName(name, names)}`;
    throw new JetError(
      'BAD_DATASET',
      `${path}: column ${name} is ${what}; expected one column of one number a jet; name one with the option column`,
      { column: name, columns: names },
    );
  }
  checkCount(path, found[0].rows);
  const values = new Float64Array(found[0].rows);
  for (let row = 0; row < values.length; row += 65_536)
    values.set((await column.read(row, Math.min(values.length, row + 65_536))).values, row);
  return values;
}

/** The array of a `.npy` file, or the one asked for, expected or alone in a `.npz` archive. */
function pickArray(path: string, column: string | undefined, expected: readonly string[]): NpyArray {
  const bytes = withNodeFile(path, readAll);
  if (withNodeFile(path, detectFormat) === 'npy') {
    if (column !== undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `${path}: column ${column} of a .npy file, which has no columns; leave the option out`,
        {
          column,
        },
      );
    return readNpy(bytes, { name: path });
  }
  const arrays = readNpz(bytes, { name: path });
  const name =
    column ?? expected.find((one) => arrays.has(one)) ?? (arrays.size === 1 ? [...arrays.keys()][0] : undefined);
  const found = name === undefined ? undefined : arrays.get(name);
  if (found === undefined)
    throw new JetError(
      'BAD_DATASET',
      `${path}: no array ${column ?? expected[0]}; the archive has ${[...arrays.keys()].join(', ') || 'none'}; name one with the option column`,
      { arrays: [...arrays.keys()] },
    );
  return found;
}

/**
 * SHA-256 of a file's bytes, read as a stream.
 *
 * @returns 64 hexadecimal digits
 * @throws {JetError} FILE_NOT_FOUND; BAD_FILE if it is a folder or empty
 */
export async function fileHash(path: string): Promise<string> {
  openNodeFile(path).close();
  const hash = createHash('sha256');
  try {
    for await (const part of createReadStream(path)) hash.update(part as Uint8Array);
  } catch (error) {
    throw fileError(path, 'read', error);
  }
  return hash.digest('hex');
}
