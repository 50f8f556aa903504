/** @file HDF5 files in Node: jets, columns, and our compact layout. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { JetError } from '../errors.js';
import type { JetSource } from '../jets.js';
import { byDataset, type Column, listTables, type Table } from './columns.js';
import { detectFormat } from './format.js';
import { type H5File, type H5Host, openH5 } from './h5.js';
import { baseName, classesReader, datasetReader, isNumberDataset, type NumberDataset } from './imageSource.js';
import { openNodeFile } from './nodeFile.js';
import { READERS } from './numbers.js';
import { checkCount, type SliceReader, sliceSource } from './sliceSource.js';
import { constituentsOf, tableReader } from './tableSource.js';

export * from './writeJets.js';

/** How to read a file that can be read in more than one way. */
export interface OpenHdf5Options {
  /** path of the dataset or table to read, e.g. `/table/table`; needed where a file has several */
  readonly dataset?: string;
  /** one image dataset a class: their names in the order of the labels, background first */
  readonly classes?: readonly string[];
}

const BACKGROUND = /^(qcd|bkg|bg|background)/i;

const NODE: H5Host = {
  loadPlugin(fileName) {
    const index = createRequire(import.meta.url).resolve('h5wasm-plugins');
    return readFile(join(index, '..', 'plugins', fileName));
  },
  inflate: (bytes, size) => inflateSync(bytes, { chunkSize: Math.max(64, size), maxOutputLength: size }),
};

/** Opens the file itself; what is in it is looked up in `datasets`. */
export async function openHdf5File(path: string): Promise<H5File> {
  const file = openNodeFile(path);
  try {
    if (detectFormat(file) !== 'hdf5')
      throw new JetError('BAD_FILE', `${path}: not an HDF5 file but a NumPy one; open it with openJets`, { path });
  } catch (error) {
    file.close();
    throw error;
  }
  return openH5(file, NODE);
}

/**
 * Opens jets in an HDF5 file; rows are read from disk when they are asked for.
 *
 * Understands (a) `constituents` (n, m, 4) or `images` (n, h, w[, c]) with `labels`, `charge` and `ids` beside them,
 * (b) tables with columns E_i, PX_i, PY_i, PZ_i as pandas and PyTables write them, with `is_signal_new` and, where
 * all CHARGE_i are there, charges, (c) one dataset of images a class; the one named like QCD or background is class 0.
 *
 * @throws {JetError} FILE_NOT_FOUND; BAD_FILE if it is truncated, corrupt or not HDF5; UNSUPPORTED for an unknown
 *   compression; BAD_DATASET if there are no jets in it, or several sets of them. `read` throws NOT_FINITE for NaN
 * @see https://doi.org/10.5281/zenodo.2603256 (the table layout)
 */
export async function openHdf5(path: string, options: OpenHdf5Options = {}): Promise<JetSource> {
  const file = await openHdf5File(path);
  try {
    return sliceSource(findJets(file, options));
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Which of the layouts a file has. */
function findJets(file: H5File, options: OpenHdf5Options): SliceReader {
  const wanted = options.dataset?.replace(/^\/*/, '/');
  const tables = listTables(file).filter(({ columns, path }) =>
    wanted === undefined ? constituentsOf(columns) > 0 : path === wanted,
  );
  const arrays = file.datasets
    .filter(isNumberDataset)
    .filter(({ path, shape }) => (shape.length === 3 || shape.length === 4) && (wanted ?? path) === path);
  if (options.classes) return classesReader(file, pickClasses(file, arrays, options.classes));
  const named = arrays.filter(({ path }) => /^(constituents|images)$/.test(baseName(path)));
  const candidates = named.length > 0 ? named : arrays;
  if (tables.length + candidates.length === 0) throw noJets(file, wanted);
  if (tables.length === 1 && candidates.length === 0) return tableOfConstituents(file, tables[0]);
  if (tables.length === 0 && candidates.length === 1) return datasetReader(file, candidates[0], kindOf(candidates[0]));
  const background = candidates.filter(({ path }) => BACKGROUND.test(baseName(path)));
  if (tables.length === 0 && candidates.length === 2 && background.length === 1)
    return classesReader(
      file,
      checkClasses(file, [background[0], ...candidates.filter((one) => one !== background[0])]),
    );
  const paths = [...tables, ...candidates].map(({ path }) => path);
  throw new JetError(
    'BAD_DATASET',
    `${file.name}: ${paths.length} sets of jets (${paths.slice(0, 8).join(', ')}); expected one, or two of which one is named like QCD or background; choose with the option dataset, or name the classes in order with the option classes`,
    { datasets: paths },
  );
}

function kindOf({ path, shape }: NumberDataset): 'constituents' | 'images' {
  if (shape.length !== 3 || shape[2] !== 4) return 'images';
  return baseName(path) === 'images' ? 'images' : 'constituents';
}

function tableOfConstituents(file: H5File, table: Table): SliceReader {
  if (constituentsOf(table.columns) === 0) throw noJets(file, table.path);
  return tableReader(file, table);
}

function noJets(file: H5File, wanted: string | undefined): JetError {
  const found = file.datasets.map(({ path, shape, type, fields }) => {
    const unread = fields.filter((field) => field.type === 'other').map((field) => field.name);
    const hint = unread.length > 0 ? ` whose fields ${unread.slice(0, 4).join(', ')} have no supported type` : '';
    return `${path} ${type} (${shape.join(', ')})${hint}`;
  });
  return new JetError(
    'BAD_DATASET',
    `${file.name}: no jets${wanted === undefined ? '' : ` in ${wanted}`}; the file holds ${found.slice(0, 8).join('; ') || 'no dataset'}; expected images (n, height, width[, channels]), constituents (n, m, 4), or a table with columns E_0, PX_0, PY_0, PZ_0, …`,
    { datasets: found },
  );
}

function pickClasses(file: H5File, arrays: readonly NumberDataset[], classes: readonly string[]): NumberDataset[] {
  const picked = classes.map((name) => {
    const found = arrays.find(({ path }) => path === name || path === `/${name}`);
    if (found === undefined)
      throw new JetError(
        'BAD_ARGUMENT',
        `${file.name}: no image dataset ${name} for the class of that name; expected some of ${arrays.map(({ path }) => path).join(', ')}`,
        { class: name },
      );
    return found;
  });
  if (picked.length < 2 || new Set(picked).size < picked.length)
    throw new JetError(
      'BAD_ARGUMENT',
      `${file.name}: classes ${classes.join(', ')}; expected at least two different names`,
      {
        classes,
      },
    );
  return checkClasses(file, picked);
}

function checkClasses(file: H5File, datasets: NumberDataset[]): NumberDataset[] {
  const [first, ...others] = datasets;
  for (const other of others)
    if (other.shape.slice(1).join() !== first.shape.slice(1).join())
      throw new JetError(
        'SHAPE_MISMATCH',
        `${file.name}: images of ${first.path} have shape (${first.shape.slice(1).join(', ')}), of ${other.path} (${other.shape.slice(1).join(', ')}); expected the same`,
        { shapes: [first.shape, other.shape] },
      );
  return datasets;
}

/**
 * Reads columns of a table, or one-dimensional datasets, by name: `ttv`, `jet_pt`, …
 *
 * @returns (rows,) for each name, as doubles; 64-bit integers become the nearest double
 * @throws {JetError} BAD_DATASET if a column is not there
 */
export async function readColumns<Name extends string>(
  path: string,
  names: readonly Name[],
): Promise<Record<Name, Float64Array>> {
  const file = await openHdf5File(path);
  try {
    const columns = allColumns(file);
    const found = {} as Record<Name, Float64Array>;
    const wanted = names.map((name) => {
      const column = columns.get(name);
      if (column === undefined) throw noColumn(file, name, [...columns.keys()]);
      checkCount(path, column.dataset.shape[0]);
      found[name] = new Float64Array(column.dataset.shape[0]);
      return { column, name };
    });
    for (const [dataset, group] of byDataset(wanted))
      file.readRows(dataset, 0, dataset.shape[0], ({ buffer, byteOffset, byteLength }, first, last) => {
        const view = new DataView(buffer, byteOffset, byteLength);
        for (const { column, name } of group)
          for (let row = first, byte = column.offset; row < last; row++, byte += column.rowBytes)
            found[name][row] = READERS[column.type](view, byte);
      });
    return found;
  } finally {
    file.close();
  }
}

/** Names that `readColumns` takes. */
export async function columnNames(path: string): Promise<string[]> {
  const file = await openHdf5File(path);
  try {
    return [...allColumns(file).keys()];
  } finally {
    file.close();
  }
}

/** Columns of all tables, and the one-dimensional datasets under their own names. */
function allColumns(file: H5File): Map<string, Column> {
  const columns = new Map<string, Column>();
  const add = (name: string, column: Column): void => {
    const other = columns.get(name);
    if (other && other.dataset !== column.dataset)
      throw new JetError(
        'BAD_DATASET',
        `${file.name}: column ${name} is in ${other.dataset.path} and in ${column.dataset.path}; expected one; split the file`,
        { column: name },
      );
    columns.set(name, column);
  };
  for (const table of listTables(file)) for (const [name, column] of table.columns) add(name, column);
  for (const dataset of file.datasets)
    if (dataset.shape.length === 1 && isNumberDataset(dataset))
      add(baseName(dataset.path), { type: dataset.type, dataset, offset: 0, rowBytes: dataset.elementBytes });
  return columns;
}

function noColumn(file: H5File, name: string, names: readonly string[]): JetError {
  const others = names.filter((other) => !/_\d+$/.test(other));
  return new JetError(
    'BAD_DATASET',
    `${file.name}: no column ${name}; the file has ${names.length} columns, among them ${others.slice(0, 20).join(', ') || names.slice(0, 8).join(', ')}`,
    { column: name },
  );
}
