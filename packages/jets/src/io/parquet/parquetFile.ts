/** @file Parquet files as tables; their description is decoded by hyparquet. */
import type { SchemaElement, SchemaTree } from 'hyparquet';
import { JetError } from '../../errors.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import { decoding } from '../bytes/decoding.js';
import { gunzip } from '../bytes/gzip.js';
import type { NumberType } from '../bytes/numbers.js';
import { readExactly } from '../bytes/readExactly.js';
import { wholeStream } from '../bytes/wholeStream.js';
import { checkZstd } from '../bytes/zstd.js';
import type { ParquetHost } from '../host.js';
import type { ColumnTable, TableColumn } from '../tables/columnTable.js';
import { type Chunk, type ParquetLibrary, parquetColumn } from './column.js';

const MAX_FOOTER = 2 ** 26;
const MAGIC = 0x31524150;

/**
 * Opens a Parquet file; only its footer is read.
 *
 * @throws {JetError} BAD_FILE if the file is truncated or corrupt; LIMIT_EXCEEDED
 */
export async function openParquetFile(file: BinaryFile, host: ParquetHost): Promise<ColumnTable> {
  const [
    { parquetMetadata, parquetSchema, readOffsetIndex },
    { parquetHeader },
    { deltaBinaryUnpack },
    compression,
    { default: xxhash },
  ] = await Promise.all([
    import('hyparquet'),
    import('hyparquet/src/column.js'),
    import('hyparquet/src/delta.js'),
    import('hyparquet-compressors'),
    import('xxhash-wasm'),
  ]);
  const { h64Raw } = await xxhash();
  const { compressors, decompressBrotli, decompressZstd } = compression;
  /** With a place to write to, it cannot make more than the page says. */
  const unzstd = (input: Uint8Array, size: number): Uint8Array => {
    const page = decompressZstd(input, new Uint8Array(size));
    checkZstd(input, page, h64Raw);
    return page;
  };
  const library: ParquetLibrary = {
    parquetHeader,
    readOffsetIndex,
    deltaBinaryUnpack,
    compressors: {
      ...compressors,
      GZIP: gunzip,
      BROTLI: host.unbrotli ?? wholeStream(decompressBrotli),
      ZSTD: unzstd,
    },
  };
  const footer = readFooter(file);
  return decoding(file.name, () => {
    const metadata = parquetMetadata(footer, { geoparquet: false });
    const rows = Number(metadata.num_rows);
    const groups = metadata.row_groups.filter((group) => Number(group.num_rows) !== 0);
    const counted = groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
    if (counted !== rows || groups.some((group) => group.num_rows < 0))
      throw new Error(`${counted} rows in ${groups.length} row groups; expected ${rows}`);
    const columns = new Map<string, TableColumn>();
    for (const { name, path } of leavesOf(parquetSchema(metadata))) {
      const keys = path.map(({ element }) => element.name).join('\0');
      const chunks = groups.map((group, i): Chunk => {
        const found = group.columns.find(({ meta_data }) => meta_data?.path_in_schema.join('\0') === keys);
        if (!found?.meta_data || found.file_path) throw new Error(`no data of column ${name} in row group ${i}`);
        const { offset_index_offset: offset, offset_index_length: length } = found;
        const index = offset !== undefined && length !== undefined ? { offset: Number(offset), length } : undefined;
        return { rows: Number(group.num_rows), meta: found.meta_data, ...(index ? { index } : {}) };
      });
      columns.set(name, columnOf(file, name, path, chunks, library));
    }
    return { name: file.name, rows, columns };
  });
}

/** The last bytes: the description of the file, its length, and PAR1. */
function readFooter(file: BinaryFile): ArrayBuffer {
  const truncated = (what: string): JetError =>
    new JetError(
      'BAD_FILE',
      `${file.name}: ${what} in ${file.size} bytes; expected a Parquet file that ends in PAR1; it is truncated; copy or make it again`,
      { bytes: file.size },
    );
  if (file.size < 12) throw truncated('no footer');
  const end = readExactly(file, file.size - 8, 8);
  if (end.getUint32(4, true) !== MAGIC) throw truncated('no footer');
  const length = end.getUint32(0, true);
  if (length > file.size - 12) throw truncated(`a footer of ${length} bytes`);
  if (length > MAX_FOOTER)
    throw new JetError('LIMIT_EXCEEDED', `${file.name}: a footer of ${length} bytes; expected at most ${MAX_FOOTER}`, {
      bytes: length,
      limit: MAX_FOOTER,
    });
  return readExactly(file, file.size - 8 - length, length + 8).buffer as ArrayBuffer;
}

interface Leaf {
  /** as users see it: without the levels that only lists need */
  readonly name: string;
  /** from below the root of the schema */
  readonly path: readonly SchemaTree[];
}

function leavesOf(root: SchemaTree): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (node: SchemaTree, name: string, above: readonly SchemaTree[]): void => {
    const path = [...above, node];
    if (node.children.length === 0) {
      leaves.push({ name, path });
      return;
    }
    const { converted_type, logical_type, repetition_type } = node.element;
    const [inner] = node.children;
    const list = converted_type === 'LIST' || logical_type?.type === 'LIST';
    const wrapped = repetition_type === 'REPEATED' && above.length > 0 && node.children.length === 1;
    if (node.children.length === 1 && (list || (wrapped && isList(above[above.length - 1])))) visit(inner, name, path);
    else for (const child of node.children) visit(child, `${name}.${child.element.name}`, path);
  };
  for (const child of root.children) visit(child, child.element.name, []);
  return leaves;
}

function isList({ element }: SchemaTree): boolean {
  return element.converted_type === 'LIST' || element.logical_type?.type === 'LIST';
}

function columnOf(
  file: BinaryFile,
  name: string,
  path: readonly SchemaTree[],
  chunks: readonly Chunk[],
  library: ParquetLibrary,
): TableColumn {
  const where = `${file.name}: column ${name}`;
  const levels = path.map(({ element }) => element.repetition_type);
  const lists = levels.filter((level) => level === 'REPEATED').length;
  const { type, shown } = typeOf(path[path.length - 1].element);
  const text = shown + '[]'.repeat(lists);
  if (type === undefined || lists > 1)
    return {
      type: text,
      form: 'other',
      read: async () => {
        throw new JetError('UNSUPPORTED', `${where}: of type ${text}; expected numbers or lists of numbers`, {
          type: text,
        });
      },
    };
  const defined = (count: number): number => levels.slice(0, count).filter((level) => level !== 'REQUIRED').length;
  return parquetColumn(
    file,
    where,
    text,
    {
      form: { type, maxDefinition: defined(levels.length), maxRepetition: lists === 1 ? 1 : 0 },
      emptyDefinition: defined(levels.indexOf('REPEATED')),
      chunks,
    },
    library,
  );
}

/** What a column holds; `type` is undefined where these are no numbers. */
function typeOf({ type, converted_type, logical_type }: SchemaElement): { type?: NumberType | 'bool'; shown: string } {
  const logical = logical_type?.type;
  const plain = converted_type === undefined && logical === undefined;
  const [, sign] = /^(U?)INT_\d+$/.exec(converted_type ?? '') ?? [];
  const of = (number: NumberType | 'bool'): { type: NumberType | 'bool'; shown: string } => ({
    type: number,
    shown: number,
  });
  if (type === 'BOOLEAN') return of('bool');
  if (type === 'FLOAT' && plain) return of('float32');
  if (type === 'DOUBLE' && plain) return of('float64');
  if (type === 'INT32' && (plain || sign !== undefined)) return of(sign === 'U' ? 'uint32' : 'int32');
  if (type === 'INT64' && (plain || sign !== undefined)) return of(sign === 'U' ? 'uint64' : 'int64');
  return { shown: (logical ?? converted_type ?? type ?? 'unknown').toLowerCase() };
}
