/** @file HDF5 files. */
import { counted } from '../../counted.js';
import { JetError } from '../../errors.js';
import { shortText } from '../../quoted.js';
import type { SliceReader } from '../../source/sliceSource.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import type { FileContents, Format, NumberColumn, OpenJetsOptions } from '../format.js';
import { withDecodedCodes } from '../tables/codes.js';
import { describeTable, numberColumns, readNumbers } from '../tables/columnTable.js';
import { bestLayout, findTable } from '../tables/findTable.js';
import { layoutReader } from '../tables/layoutReader.js';
import { withNumberedLists } from '../tables/numberedLists.js';
import { arrayTables } from './arrayTables.js';
import { baseName } from './dataset.js';
import { findJets, noJets } from './findJets.js';
import { type H5File, openH5 } from './h5.js';
import type { H5JetReader } from './jetReader.js';
import { packedJets } from './packedJets.js';
import { type RaggedTable, raggedTables } from './ragged.js';
import { groupTables, type H5Table, readStrings, recordTables } from './tables.js';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

export const hdf5: Format = {
  name: 'hdf5',
  title: 'HDF5',
  recognise: (start, file) => isSignature(start) || hasUserBlock(file),
  options: ['dataset', 'classes', 'layout', 'components', 'unit'],
  async open(file, options, host) {
    const h5 = await openH5(file, host);
    try {
      const records = await recordTables(h5);
      const groups = groupTables(h5);
      const tables = [...records, ...groups];
      return {
        contents: async () => contents(h5, records),
        columns: async () => new Map([...textColumns(h5), ...numberColumns(tables)]),
        async jets() {
          const arrays = arrayTables(h5);
          const read = options.layout === undefined && !arrays.some((table) => isOfLayout(table, options));
          const inArrays = options.components !== undefined || options.unit !== undefined;
          const reader = read ? findJets(h5, inArrays ? [] : records, options) : undefined;
          if (inArrays && !reader) throw noJets(h5, options.dataset);
          if (reader)
            return {
              ...reader,
              column: (name) => columnBeside(h5, reader, tables, name),
              share: () => packedJets(reader, file),
            };
          return layoutJets(h5, [...tables, ...arrays, ...raggedTables(h5, groups).map(withDecodedCodes)], options);
        },
        close: () => h5.close(),
      };
    } catch (error) {
      h5.close();
      throw error;
    }
  },
};

const isSignature = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, i) => bytes[i] === byte);

/** HDF5 allows 512, 1024, 2048, … bytes of something else in front. */
function hasUserBlock(file: BinaryFile): boolean {
  const bytes = new Uint8Array(SIGNATURE.length);
  for (let at = 512; at + bytes.length <= file.size && at <= 2 ** 30; at *= 2)
    if (file.read(bytes, 0, bytes.length, at) === bytes.length && isSignature(bytes)) return true;
  return false;
}

/** The datasets of one text a row, by name. */
function textColumns(file: H5File): [name: string, columns: readonly NumberColumn[]][] {
  return file.datasets
    .filter(({ type, shape }) => type === 'string' && shape.length === 1)
    .map((dataset) => {
      const read = async (): Promise<never> => {
        throw new JetError(
          'BAD_DATASET',
          `${file.name}: ${dataset.path} holds text; expected numbers; of labels, say which is signal with the option signal`,
          { path: dataset.path },
        );
      };
      return [baseName(dataset.path), [{ type: 'string', read, texts: () => readStrings(file, dataset) }]];
    });
}

function contents({ datasets }: H5File, records: readonly H5Table[]): FileContents {
  return {
    arrays: datasets.map(({ path, type, shape, chunks, filters }) => ({
      name: path,
      dtype: type,
      shape,
      ...(chunks ? { chunks } : {}),
      ...(filters.length > 0 ? { compression: filters } : {}),
    })),
    tables: records.map((table) => {
      const { columnTypes: _, columnNames, ...rest } = describeTable(table.path, table);
      return { ...rest, columnNames: summarise(columnNames) };
    }),
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

/** Numbers of a column of the only table that has it and as many rows as there are jets. */
async function columnBeside(
  { name }: H5File,
  { count }: H5JetReader,
  tables: readonly H5Table[],
  column: string,
): Promise<Float64Array> {
  const found = tables.filter(({ rows, columns }) => rows === count && columns.has(column));
  if (found.length === 1) return readNumbers(found[0], column);
  throw new JetError(
    'BAD_DATASET',
    `${name}: ${found.length === 0 ? 'no column' : counted(found.length, 'column')} ${shortText(column)} beside its ${counted(count, 'jet')}; expected one; it has ${
      [...numberColumns(tables).keys()]
        .filter((one) => !/_\d+$/.test(one))
        .slice(0, 20)
        .map((one) => shortText(one))
        .join(', ') || 'none'
    }`,
    { column },
  );
}

/** Whether the arrays of a file are those of a built-in layout, where nothing else is asked for. */
const isOfLayout = (table: RaggedTable, { dataset, classes, components, unit }: OpenJetsOptions): boolean =>
  [dataset, classes, components, unit].every((option) => option === undefined) && bestLayout(table) !== undefined;

/** Jets by a layout: the one that is asked for, or the built-in one that fits. */
async function layoutJets(
  file: H5File,
  tables: readonly RaggedTable[],
  options: OpenJetsOptions,
): Promise<SliceReader> {
  const fitting =
    options.layout === undefined ? tables.filter((table) => bestLayout(withNumberedLists(table))) : tables;
  const entries = fitting.map((table) => ({ path: table.path, read: async () => table }));
  const { table, layout } = await findTable(file.name, entries, options, (path) => noJets(file, path));
  return layoutReader(table, layout, options.padding);
}
