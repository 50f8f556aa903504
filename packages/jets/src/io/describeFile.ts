/** @file What is in a data file, as plain JSON for `jetsdk data info`. */
import { isJetError } from '../errors.js';
import type { JetSource } from '../source/source.js';
import { openNodeFile, withNodeFile } from './bytes/nodeFile.js';
import { detectFormat, type FileFormat } from './format.js';
import { checkOptions } from './formatOptions.js';
import { listTables } from './hdf5/columns.js';
import type { H5File } from './hdf5/h5.js';
import { openHdf5, openHdf5File } from './hdf5/hdf5.js';
import { npzSource } from './npy/arraySource.js';
import { openNpy, readAll, readNpyHeader } from './npy/npySource.js';
import { readNpz } from './npy/npz.js';
import { NODE_ROOT } from './root/nodeRoot.js';
import { isTableFormat, listTables as listColumnTables, type OpenTableOptions, openTable } from './tables/tableFile.js';

/** One dataset or array. */
export interface ArrayDescription {
  /** path in an HDF5 file, name in an archive, empty for `.npy` */
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** shape of the pieces in which it is stored */
  readonly chunks?: readonly number[];
  readonly compression?: readonly string[];
}

/** A table of an HDF5 or Parquet file, or a tree of a ROOT file. */
export interface TableDescription {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** in order; numbered ones together, e.g. `E_0…199` */
  readonly columnNames: readonly string[];
  /** e.g. `float32[]`, in the same order; of ROOT and Parquet */
  readonly columnTypes?: readonly string[];
}

/** The jets of a file, as `openJets` gives them. */
export interface JetsDescription {
  readonly kind: 'constituents' | 'images';
  readonly count: number;
  /** [constituents, 4] or [height, width, channels] */
  readonly jetShape: readonly number[];
  readonly classes?: readonly string[];
  /** jets of each label */
  readonly labels?: Readonly<Record<string, number>>;
  /** why the labels cannot be read */
  readonly notLabels?: string;
  readonly charge: boolean;
  readonly ids: boolean;
}

/** What is in a file. */
export interface FileDescription {
  readonly path: string;
  readonly format: FileFormat;
  readonly bytes: number;
  readonly arrays: readonly ArrayDescription[];
  readonly tables: readonly TableDescription[];
  readonly jets?: JetsDescription;
  /** why `openJets` cannot open it */
  readonly notJets?: string;
}

/**
 * Looks into an HDF5, `.npy`, `.npz`, ROOT or Parquet file; of the jets only the first and the labels are read.
 *
 * @param options of ROOT and Parquet: the layout of the jets
 * @throws {JetError} FILE_NOT_FOUND, BAD_FILE, LIMIT_EXCEEDED if it cannot be read at all
 */
export async function describeFile(path: string, options: OpenTableOptions = {}): Promise<FileDescription> {
  const format = withNodeFile(path, detectFormat);
  checkOptions(path, format, options);
  const bytes = withNodeFile(path, ({ size }) => size);
  const common = { path, format, bytes };
  if (isTableFormat(format)) {
    const open = (): Promise<JetSource> => openTable(openNodeFile(path), format, options, NODE_ROOT);
    const file = openNodeFile(path);
    try {
      const tables: TableDescription[] = [];
      for (const { path: name, read } of (await listColumnTables(file, format, NODE_ROOT)).tables) {
        const { rows, columns } = await read();
        const columnTypes = [...columns.values()].map(({ type }) => type);
        tables.push({ name, rows, columns: columns.size, columnNames: [...columns.keys()], columnTypes });
      }
      return { ...common, arrays: [], tables, ...(await describeJets(open)) };
    } finally {
      file.close();
    }
  }
  if (format === 'hdf5') {
    const file = await openHdf5File(path);
    try {
      return { ...common, ...describeHdf5(file), ...(await describeJets(() => openHdf5(path))) };
    } finally {
      file.close();
    }
  }
  if (format === 'npy') {
    const { shape, element } = withNodeFile(path, readNpyHeader);
    const arrays = [{ name: '', dtype: element.dtype, shape }];
    return { ...common, arrays, tables: [], ...(await describeJets(async () => openNpy(openNodeFile(path)))) };
  }
  const members = readNpz(withNodeFile(path, readAll), { name: path });
  const arrays = [...members].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  return { ...common, arrays, tables: [], ...(await describeJets(async () => npzSource(members, path))) };
}

function describeHdf5(file: H5File): Pick<FileDescription, 'arrays' | 'tables'> {
  return {
    arrays: file.datasets.map(({ path, type, shape, chunks, filters }) => ({
      name: path,
      dtype: type,
      shape,
      ...(chunks ? { chunks } : {}),
      ...(filters.length > 0 ? { compression: filters } : {}),
    })),
    tables: listTables(file).map(({ path, rows, columns }) => ({
      name: path,
      rows,
      columns: columns.size,
      columnNames: summarise([...columns.keys()]),
    })),
  };
}

/** Names that end in numbers counting up from 0 become one entry. */
function summarise(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const [, stem, number] = /^(.*_)(\d+)$/.exec(name) ?? [];
    if (stem !== undefined && Number(number) === (counts.get(stem) ?? 0)) counts.set(stem, Number(number) + 1);
  }
  const short = names.map((name) => {
    const [, stem, number] = /^(.*_)(\d+)$/.exec(name) ?? [];
    const count = stem === undefined ? 0 : (counts.get(stem) ?? 0);
    return count > 1 && Number(number) < count ? `${stem}0…${count - 1}` : name;
  });
  return [...new Set(short)];
}

async function describeJets(open: () => Promise<JetSource>): Promise<Pick<FileDescription, 'jets' | 'notJets'>> {
  try {
    const source = await open();
    try {
      const { kind, count, jetShape, classes } = source;
      const first = await source.read(0, Math.min(1, count));
      const labels = await labelsOf(source);
      const ids = await source.ids?.();
      return {
        jets: {
          kind,
          count,
          jetShape,
          ...(classes ? { classes } : {}),
          ...labels,
          charge: first.kind === 'constituents' && first.charge !== undefined,
          ids: ids !== undefined,
        },
      };
    } finally {
      source.close();
    }
  } catch (error) {
    if (isJetError(error)) return { notJets: error.message };
    throw error;
  }
}

async function labelsOf(source: JetSource): Promise<Pick<JetsDescription, 'labels' | 'notLabels'>> {
  try {
    const labels = await source.labels();
    return labels ? { labels: countLabels(labels) } : {};
  } catch (error) {
    if (isJetError(error)) return { notLabels: error.message };
    throw error;
  }
}

function countLabels(labels: Uint8Array): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
