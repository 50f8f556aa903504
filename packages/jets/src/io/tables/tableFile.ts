/** @file ROOT and Parquet files: which table, by which layout. */
import { JetError } from '../../errors.js';
import { sliceSource } from '../../source/sliceSource.js';
import type { JetSource } from '../../source/source.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import type { RootHost } from '../root/rootFile.js';
import type { ColumnTable } from './columnTable.js';
import { type Layout, type LayoutJson, layoutNames, parseLayout } from './layout.js';
import { hasColumns, hasLabels, layoutReader } from './layoutSource.js';

export type TableFormat = 'root' | 'parquet';

/** How to read a table. */
export interface OpenTableOptions {
  /** how columns become jets: a name such as `JetClass`, or a mapping; without it, the built-in one that fits */
  readonly layout?: string | LayoutJson;
  /** path of the tree in a ROOT file, e.g. `deepntuplizer/tree`; needed where several fit */
  readonly dataset?: string;
}

/** Whether a format is read as a table. */
export function isTableFormat(format: string): format is TableFormat {
  return format === 'root' || format === 'parquet';
}

/** The tables of a file, each read when it is asked for; and what else is in it. */
export async function listTables(
  file: BinaryFile,
  format: TableFormat,
  host: RootHost,
): Promise<{ tables: readonly { path: string; read(): Promise<ColumnTable> }[]; others: readonly string[] }> {
  if (format === 'root') {
    const { openRootFile } = await import('../root/rootFile.js');
    const { trees, others } = await openRootFile(file, host);
    return { tables: trees, others };
  }
  const { openParquetFile } = await import('../parquet/parquetFile.js');
  const table = await openParquetFile(file);
  return { tables: [{ path: '', read: async () => table }], others: [] };
}

/**
 * Opens the jets of a ROOT or Parquet file; closing the source closes the file, as does a failure.
 *
 * @throws {JetError} BAD_ARGUMENT for a wrong layout; BAD_FILE; BAD_DATASET if no layout fits
 */
export async function openTable(
  file: BinaryFile,
  format: TableFormat,
  options: OpenTableOptions,
  host: RootHost,
): Promise<JetSource> {
  try {
    const { table, layout } = await findTable(file, format, options, host);
    return sliceSource(await layoutReader(table, layout));
  } catch (error) {
    file.close();
    throw error;
  }
}

async function findTable(
  file: BinaryFile,
  format: TableFormat,
  options: OpenTableOptions,
  host: RootHost,
): Promise<{ table: ColumnTable; layout: Layout }> {
  const wanted = options.layout === undefined ? undefined : parseLayout(options.layout);
  const { tables, others } = await listTables(file, format, host);
  const path = format === 'root' ? (options.dataset ?? wanted?.tree) : options.dataset;
  const trees = tables.map((table) => table.path);
  if (path !== undefined) {
    const found = tables.find((table) => format === 'root' && table.path === path.replace(/^\/+|;\d+$/g, ''));
    if (!found) throw noTree(file, format, path, trees, others);
    const table = await found.read();
    const layout = wanted ?? bestLayout(table);
    if (!layout) throw noLayout(table);
    return { table, layout };
  }
  if (tables.length === 0) throw noTree(file, format, undefined, trees, others);
  const read: ColumnTable[] = [];
  for (const one of tables) read.push(await one.read());
  if (wanted && read.length === 1) return { table: read[0], layout: wanted };
  const fits = read.flatMap((table, i) => {
    const layout = wanted ? (hasColumns(table, wanted) ? wanted : undefined) : bestLayout(table);
    return layout ? [{ table, layout, path: trees[i] }] : [];
  });
  if (fits.length === 1) return fits[0];
  if (fits.length === 0) throw noLayout(read[0], wanted?.name, trees);
  throw new JetError(
    'BAD_DATASET',
    `${file.name}: ${fits.length} trees with jets (${fits.map((one) => one.path).join(', ')}); expected one; choose with the option dataset, or "tree" in a layout`,
    { trees: fits.map((one) => one.path) },
  );
}

/** The first built-in layout whose columns are there, with its labels or else without. */
function bestLayout(table: ColumnTable): Layout | undefined {
  const fits = layoutNames.map(parseLayout).filter((layout) => hasColumns(table, layout));
  return fits.find((layout) => hasLabels(table, layout)) ?? fits[0];
}

function noTree(
  file: BinaryFile,
  format: TableFormat,
  path: string | undefined,
  trees: readonly string[],
  others: readonly string[],
): JetError {
  if (format === 'parquet')
    return new JetError(
      'BAD_ARGUMENT',
      `${file.name}: dataset ${path} of a Parquet file, which has one table; leave it out`,
      {
        dataset: path,
      },
    );
  const ntuple = others.some((other) => other.includes('RNTuple'));
  const hint = ntuple ? '; RNTuple is not read: write a TTree (in uproot with mktree) or Parquet' : '';
  return new JetError(
    ntuple && trees.length === 0 ? 'UNSUPPORTED' : 'BAD_DATASET',
    `${file.name}: no tree${path === undefined ? '' : ` ${path}`}; the file has ${[...trees, ...others].slice(0, 8).join(', ') || 'nothing'}; expected a TTree${hint}`,
    { trees, others },
  );
}

function noLayout(table: ColumnTable, wanted?: string, trees: readonly string[] = []): JetError {
  const columns = [...table.columns.keys()];
  const which =
    wanted === undefined ? `none of the layouts ${layoutNames.join(', ')}` : `no tree with the columns of ${wanted}`;
  const where = trees.length > 1 ? ` among ${trees.length} trees` : '';
  return new JetError(
    'BAD_DATASET',
    `${table.name}: ${which} fits${where}; its ${columns.length} columns are ${columns.slice(0, 12).join(', ')}${columns.length > 12 ? ', …' : ''}; map them with a layout`,
    { columns },
  );
}
