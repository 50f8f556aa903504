/** @file Which table of a file the jets are in, and by which layout. */
import { counted } from '../../counted.js';
import { JetError } from '../../errors.js';
import { shortText } from '../../quoted.js';
import type { OpenJetsOptions } from '../format.js';
import type { ColumnTable, TableEntry } from './columnTable.js';
import { type Layout, layoutNames, parseLayout } from './layout.js';
import { hasColumns, hasLabels } from './layoutReader.js';
import { withNumberedLists } from './numberedLists.js';

/** A table whose columns make jets. */
export interface FoundTable {
  readonly table: ColumnTable;
  readonly layout: Layout;
}

/**
 * Finds the table that the options name, or the only one that a layout fits.
 *
 * @param name of the file, for messages
 * @param noTable the error if there is no table, or none of that path
 * @throws {JetError} BAD_ARGUMENT for a wrong layout; BAD_DATASET if no layout fits, or several tables have jets
 */
export async function findTable(
  name: string,
  tables: readonly TableEntry[],
  options: OpenJetsOptions,
  noTable: (path: string | undefined) => JetError,
): Promise<FoundTable> {
  const wanted = options.layout === undefined ? undefined : parseLayout(options.layout);
  const path = options.dataset ?? wanted?.tree;
  if (path !== undefined) {
    const plain = (one: string): string => one.replace(/^\/+|;\d+$/g, '');
    const found = tables.find((table) => plain(table.path) === plain(path));
    if (!found) throw noTable(path);
    const table = withNumberedLists(await found.read());
    const layout = wanted ?? bestLayout(table);
    if (!layout) throw noLayout(table);
    return { table, layout };
  }
  if (tables.length === 0) throw noTable(undefined);
  const read: ColumnTable[] = [];
  for (const one of tables) read.push(withNumberedLists(await one.read()));
  if (wanted && read.length === 1) return { table: read[0], layout: wanted };
  const fits = read.flatMap((table, i) => {
    const layout = wanted ? (hasColumns(table, wanted) ? wanted : undefined) : bestLayout(table);
    return layout ? [{ table, layout, path: tables[i].path }] : [];
  });
  if (fits.length === 1) return fits[0];
  if (fits.length === 0) throw noLayout(read[0], wanted?.name, tables.length);
  const paths = fits.map((one) => shortText(one.path));
  throw new JetError(
    'BAD_DATASET',
    `${name}: ${counted(fits.length, 'table')} with jets (${paths.slice(0, 8).join(', ')}); expected one; choose with the option dataset, or "tree" in a layout`,
    { tables: paths },
  );
}

/** The first built-in layout whose columns are there, with its labels or else without. */
export function bestLayout(table: ColumnTable): Layout | undefined {
  const fits = layoutNames.map(parseLayout).filter((layout) => hasColumns(table, layout));
  return fits.find((layout) => hasLabels(table, layout)) ?? fits[0];
}

/** Of NanoAOD that has jets but no particles. */
const withoutCandidates = (columns: readonly string[]): string =>
  columns.includes('FatJet_pt') && !columns.some((column) => /^PFCands?_pt$/.test(column))
    ? '; NanoAOD before version 15 has no constituents of jets, PFNano and later versions have them'
    : '';

export function noLayout(table: ColumnTable, wanted?: string, tables = 1): JetError {
  const columns = [...table.columns.keys()].map((column) => shortText(column));
  const which =
    wanted === undefined ? `none of the layouts ${layoutNames.join(', ')}` : `no table with the columns of ${wanted}`;
  const where = tables > 1 ? ` among ${counted(tables, 'table')}` : '';
  return new JetError(
    'BAD_DATASET',
    `${table.name}: ${which} fits${where}; its ${columns.length === 1 ? 'column is' : `${columns.length} columns are`} ${columns.slice(0, 12).join(', ')}${columns.length > 12 ? ', …' : ''}${withoutCandidates(columns)}; map them with a layout`,
    { columns },
  );
}
