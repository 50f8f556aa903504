/** @file A text file of lines with as many fields each, as a table. */
import { counted } from '../../counted.js';
import { JetError } from '../../errors.js';
import { requireMemory } from '../../memoryBudget.js';
import { quoted } from '../../quoted.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import { csvRecords, csvSeparator } from '../bytes/csvText.js';
import { type ColumnTable, evenOffsets, type TableColumn } from '../tables/columnTable.js';

/** A column whose fields are kept as they stand. */
export interface TextColumn extends TableColumn {
  readonly texts: readonly string[];
}

export interface TextTable extends ColumnTable {
  readonly columns: ReadonlyMap<string, TextColumn>;
}

/** Bytes that a byte of text takes, as fields and as numbers. */
const EXPANSION = 8;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;
const isNumber = (field: string): boolean => NUMBER.test(field) || NOT_FINITE.test(field);

/**
 * Reads lines of fields that a comma, a semicolon, a tab or spaces part. The first line holds the names, unless all of it are
 * numbers; columns without a name are called 0, 1, …, a single one has none. Lines that begin with # are left out.
 *
 * @throws {JetError} BAD_FILE for lines of other lengths, or text that is not UTF-8; LIMIT_EXCEEDED for files that memory would not hold
 */
export function readTextTable(file: BinaryFile, bytes: Uint8Array): TextTable {
  const { name } = file;
  requireMemory(
    'inputs',
    bytes.length * EXPANSION,
    `${name}: fields and numbers of a text`,
    'write it as Parquet or HDF5',
  );
  const text = decode(name, bytes).replaceAll(/^[ \t]*#.*$/gm, '');
  const spaced = !/[,;\t]/.test(/[^\r\n]+/.exec(text)?.[0] ?? '');
  const separator = spaced ? ' ' : csvSeparator(text);
  const fields: string[][] = [];
  let names: string[] | undefined;
  for (const record of csvRecords(
    name,
    spaced ? text.replaceAll(/^ +| +$/gm, '').replaceAll(/ +/g, ' ') : text,
    separator,
  )) {
    const line = record.fields.map((field) => field.trim());
    if (names === undefined) {
      const data = line.every(isNumber);
      names = line.map((field, i) => (data || field === '' ? String(i) : field));
      if (data && names.length === 1) names = [''];
      fields.push(...names.map((): string[] => []));
      if (!data) continue;
    }
    if (line.length !== names.length)
      throw new JetError(
        'BAD_FILE',
        `${name}: line ${record.line} has ${counted(line.length, 'field')}; expected ${names.length}, as the first line`,
        { line: record.line, fields: line.length, expected: names.length },
      );
    for (let i = 0; i < line.length; i++) fields[i].push(line[i]);
  }
  const columns = new Map<string, TextColumn>();
  for (const [i, column] of (names ?? []).entries()) {
    if (columns.has(column))
      throw new JetError('BAD_FILE', `${name}: two columns are called ${quoted(column)}; expected different names`);
    columns.set(column, textColumn(fields[i]));
  }
  return { name, rows: fields[0]?.length ?? 0, columns };
}

/** A field that is empty in a column of numbers is NaN: so pandas writes it. */
function textColumn(texts: readonly string[]): TextColumn {
  const numbers = texts.every((text) => text === '' || isNumber(text));
  return {
    type: numbers ? 'float64' : 'text',
    form: numbers ? 'number' : 'other',
    texts,
    async read(start, stop) {
      const values = Float64Array.from({ length: stop - start }, (_, i) => numberOf(texts[start + i]));
      return { values, offsets: evenOffsets(stop - start, 1) };
    },
  };
}

const numberOf = (text: string): number =>
  NUMBER.test(text)
    ? Number(text)
    : text === '' || /nan/i.test(text)
      ? Number.NaN
      : text.startsWith('-')
        ? -Infinity
        : Infinity;

function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new JetError(
      'BAD_FILE',
      `${name}: not UTF-8 text; expected UTF-8; save it so`,
      { bytes: bytes.length },
      { cause },
    );
  }
}
