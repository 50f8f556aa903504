/** @file One number per jet from a file: the column that is asked for, or expected. */
import { counted } from '../counted.js';
import { JetError } from '../errors.js';
import { nearestName } from '../nearestName.js';
import { quoted, shortText } from '../quoted.js';
import type { Format, NumberColumn, OpenFile } from './format.js';

/** An open file as far as its columns are read. */
export interface OpenColumns extends Pick<OpenFile, 'columns' | 'contents'> {
  readonly name: string;
  readonly format: Format;
}

/** Where in a file one number a jet is found. */
export interface ColumnOptions {
  /** name of the column, dataset or array, where the file has several */
  readonly column?: string;
}

/**
 * The column of a name, or the first of several names, or the only array of the file.
 *
 * @returns undefined where none was asked for and none of those expected is there
 * @throws {JetError} BAD_DATASET if the column is not there, or in several tables; BAD_ARGUMENT if the file has no names
 */
export async function pickColumn(
  opened: OpenColumns,
  column: string | undefined,
  expected: readonly string[],
): Promise<{ readonly name: string; readonly column: NumberColumn } | undefined> {
  const columns = await opened.columns();
  const unnamed = columns.has('');
  if (unnamed && column !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `${opened.name}: column ${quoted(column)} of a ${opened.format.title} file, which has no columns; leave the option out`,
      { column },
    );
  const name = column ?? expected.find((one) => columns.has(one)) ?? (await onlyArray(opened, columns));
  if (name === undefined) return undefined;
  const found = columns.get(name) ?? [];
  if (found.length !== 1) throw noColumn(opened.name, name, found, [...columns.keys()]);
  return { name, column: found[0] };
}

async function onlyArray(
  opened: OpenColumns,
  columns: ReadonlyMap<string, readonly NumberColumn[]>,
): Promise<string | undefined> {
  if (columns.size !== 1) return undefined;
  const { arrays, tables } = await opened.contents();
  return arrays.length === 1 && tables.length === 0 ? [...columns.keys()][0] : undefined;
}

/** @param found none, or several */
export function noColumn(
  file: string,
  name: string,
  found: readonly NumberColumn[],
  names: readonly string[],
): JetError {
  const others = names.filter((other) => !/_\d+$/.test(other));
  const shown = (others.length > 0 ? others : names).slice(0, 20).map((other) => shortText(other));
  const nearest = nearestName(name, names);
  const what =
    found.length > 1
      ? `column ${quoted(name)} is there ${found.length} times`
      : `no column ${quoted(name)}; the file has ${counted(names.length, 'column')}, among them ${shown.join(', ') || 'none'}${nearest === undefined ? '' : `, nearest is ${quoted(nearest)}`}`;
  return new JetError(
    'BAD_DATASET',
    `${file}: ${what}; expected one column of one number a jet; name one with the option column`,
    { column: name, columns: names },
  );
}
