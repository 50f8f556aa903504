/** @file HDF5 files in Node: jets, columns, and our compact layout. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { JetError } from '../../errors.js';
import { checkCount } from '../../source/checks.js';
import { sliceSource } from '../../source/sliceSource.js';
import type { JetSource } from '../../source/source.js';
import { type NodeFile, openNodeFile } from '../bytes/nodeFile.js';
import { READERS } from '../bytes/numbers.js';
import { detectFormat } from '../format.js';
import { byDataset, type Column, listTables } from './columns.js';
import { findJets, type OpenHdf5Options } from './findJets.js';
import { type H5File, type H5Host, openH5 } from './h5.js';
import { baseName, isNumberDataset } from './imageSource.js';
import { packedJets } from './packedJets.js';
import { inflate } from './readPackedJets.js';

export * from '../writeJets.js';
export type { OpenHdf5Options } from './findJets.js';

const NODE: H5Host = {
  loadPlugin(fileName) {
    const index = createRequire(import.meta.url).resolve('h5wasm-plugins');
    return readFile(join(index, '..', 'plugins', fileName));
  },
  inflate,
};

/** Opens the file itself; what is in it is looked up in `datasets`. */
export async function openHdf5File(path: string): Promise<H5File> {
  return openH5(openHdf5Node(path), NODE);
}

function openHdf5Node(path: string): NodeFile {
  const file = openNodeFile(path);
  try {
    if (detectFormat(file) !== 'hdf5')
      throw new JetError('BAD_FILE', `${path}: not an HDF5 file but a NumPy one; open it with openJets`, { path });
  } catch (error) {
    file.close();
    throw error;
  }
  return file;
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
  const node = openHdf5Node(path);
  const file = await openH5(node, NODE);
  try {
    const reader = findJets(file, options);
    return sliceSource({
      ...reader,
      column: async (name) => columnsOf(file, [name])[name],
      share: () => packedJets(reader, node),
    });
  } catch (error) {
    file.close();
    throw error;
  }
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
    return columnsOf(file, names);
  } finally {
    file.close();
  }
}

function columnsOf<Name extends string>(file: H5File, names: readonly Name[]): Record<Name, Float64Array> {
  const columns = allColumns(file);
  const found = {} as Record<Name, Float64Array>;
  const wanted = names.map((name) => {
    const column = columns.get(name);
    if (column === undefined) throw noColumn(file, name, [...columns.keys()]);
    checkCount(file.name, column.dataset.shape[0]);
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
