/** @file Decodes one page of a Parquet column of numbers. */

import type { FileMetaData } from 'hyparquet';
import type { parquetHeader } from 'hyparquet/src/column.js';
import type { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import type { Compressors } from 'hyparquet-compressors';
import { counted } from '../../counted.js';
import { JetError } from '../../errors.js';
import { MEMORY_REMEDY, memoryFor } from '../../memoryBudget.js';
import { copyNumbers, type NumberType } from '../bytes/numbers.js';

export type PageHeader = ReturnType<typeof parquetHeader>;
export type ColumnMeta = NonNullable<FileMetaData['row_groups'][number]['columns'][number]['meta_data']>;
type Numbers = Float32Array | Float64Array;

/** What is loaded with the first Parquet file. */
export interface PageLibrary {
  readonly parquetHeader: typeof parquetHeader;
  readonly deltaBinaryUnpack: typeof deltaBinaryUnpack;
  readonly compressors: Compressors;
}

/** How the values of a column are stored, and nested. */
export interface PageForm {
  readonly type: NumberType | 'bool';
  /** of values that are there */
  readonly maxDefinition: number;
  /** 1 for lists, 0 for numbers */
  readonly maxRepetition: 0 | 1;
}

/** The values that are there, and for every place in the page its levels. */
export interface DecodedPage {
  readonly values: Numbers;
  /** 0 where a row begins; undefined if every place is a row */
  readonly repetition: Uint8Array | undefined;
  /** maxDefinition where there is a value; undefined if there is one everywhere */
  readonly definition: Uint8Array | undefined;
}

/** Run lengths say much in few bytes. */
const MAX_VALUES = 2 ** 25;

/** @throws {JetError} LIMIT_EXCEEDED for pages larger than any writer makes */
export function checkPage(name: string, header: PageHeader): void {
  const { uncompressed_page_size: bytes } = header;
  const counts = header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header;
  const limit = memoryFor('piece');
  if (bytes > limit || (counts && counts.num_values > MAX_VALUES))
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: a page of ${bytes} bytes and ${counts?.num_values} values; expected at most ${limit} and ${MAX_VALUES}; write smaller pages, ${MEMORY_REMEDY}`,
      { bytes, values: counts?.num_values },
    );
  if (!(bytes >= 0) || (counts && !(counts.num_values >= 0)))
    throw new Error(`a page of ${bytes} bytes and ${counts?.num_values} values`);
}

/** Values of the dictionary that later pages point into. */
export function decodeDictionary(
  bytes: Uint8Array,
  header: PageHeader,
  { codec }: ColumnMeta,
  { type }: PageForm,
  { compressors }: PageLibrary,
): Numbers {
  const page = decompress(bytes, header.uncompressed_page_size, codec, compressors);
  return plain(page, type, header.dictionary_page_header?.num_values ?? 0);
}

/** @throws {Error} for what no intact file has; the caller says where it is */
export function decodePage(
  bytes: Uint8Array,
  header: PageHeader,
  { codec }: ColumnMeta,
  form: PageForm,
  dictionary: Numbers | undefined,
  library: PageLibrary,
): DecodedPage {
  const { maxRepetition, maxDefinition } = form;
  const size = header.uncompressed_page_size;
  const { data_page_header: first, data_page_header_v2: second } = header;
  const head = first ?? second;
  if (head === undefined) throw new Error('a page without header');
  const count = head.num_values;
  let page: Uint8Array;
  let repetition: Uint8Array | undefined;
  let definition: Uint8Array | undefined;
  if (first) {
    const all = decompress(bytes, size, codec, library.compressors);
    let at = 0;
    const levels = (max: number, encoding: string): Uint8Array | undefined => {
      if (max === 0) return undefined;
      if (encoding !== 'RLE') throw new Error(`levels encoded as ${encoding}; expected RLE`);
      const length = viewOf(all).getUint32(at, true);
      const found = hybrid(part(all, at + 4, length), bitWidth(max), new Uint8Array(count));
      at += 4 + length;
      return found;
    };
    repetition = levels(maxRepetition, first.repetition_level_encoding);
    definition = levels(maxDefinition, first.definition_level_encoding);
    page = all.subarray(at);
  } else {
    const { repetition_levels_byte_length: a = 0, definition_levels_byte_length: b = 0 } = second ?? {};
    if (maxRepetition > 0) repetition = hybrid(part(bytes, 0, a), bitWidth(maxRepetition), new Uint8Array(count));
    if (maxDefinition > 0) definition = hybrid(part(bytes, a, b), bitWidth(maxDefinition), new Uint8Array(count));
    const rest = part(bytes, a + b, bytes.length - a - b);
    page = second?.is_compressed === false ? rest : decompress(rest, size - a - b, codec, library.compressors);
  }
  let present = count;
  if (definition) for (const level of definition) if (level !== maxDefinition) present--;
  if (present === count) definition = undefined;
  return { values: decodeValues(page, head.encoding, form.type, present, dictionary, library), repetition, definition };
}

function decodeValues(
  page: Uint8Array,
  encoding: string,
  type: PageForm['type'],
  count: number,
  dictionary: Numbers | undefined,
  { deltaBinaryUnpack }: PageLibrary,
): Numbers {
  if (count === 0) return numbers(type, 0);
  if (encoding === 'PLAIN') return plain(page, type, count);
  if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
    if (dictionary === undefined) throw new Error('a page without its dictionary');
    const indices = hybrid(page.subarray(1), page[0], new Uint32Array(count));
    const values = numbers(type, count);
    for (let i = 0; i < count; i++) {
      if (indices[i] >= dictionary.length)
        throw new Error(`entry ${indices[i]} of ${dictionary.length} in a dictionary`);
      values[i] = dictionary[indices[i]];
    }
    return values;
  }
  if (encoding === 'RLE' && type === 'bool')
    return Float64Array.from(hybrid(part(page, 4, viewOf(page).getUint32(0, true)), 1, new Uint8Array(count)));
  if (encoding === 'BYTE_STREAM_SPLIT' && type !== 'bool') {
    const width = page.length / count;
    if (!Number.isInteger(width)) throw new Error(`${page.length} bytes of ${counted(count, 'value')}`);
    const joined = new Uint8Array(page.length);
    for (let byte = 0, from = 0; byte < width; byte++)
      for (let i = 0, to = byte; i < count; i++, from++, to += width) joined[to] = page[from];
    return plain(joined, type, count);
  }
  if (encoding === 'DELTA_BINARY_PACKED' && type !== 'bool') {
    const values = type.endsWith('64') ? new BigInt64Array(count) : new Int32Array(count);
    deltaBinaryUnpack({ view: viewOf(page), offset: 0 }, count, values);
    return plain(new Uint8Array(values.buffer), type, count);
  }
  throw new Error(`values encoded as ${encoding}`);
}

const numbers = (type: PageForm['type'], count: number): Numbers =>
  type === 'float32' ? new Float32Array(count) : new Float64Array(count);

function plain(page: Uint8Array, type: PageForm['type'], count: number): Numbers {
  const values = numbers(type, count);
  if (type === 'bool') {
    part(page, 0, Math.ceil(count / 8));
    for (let i = 0; i < count; i++) values[i] = (page[i >> 3] >> (i & 7)) & 1;
    return values;
  }
  copyNumbers(type, page.buffer, page.byteOffset, values, 0, part(page, 0, count * STORED[type]).length / STORED[type]);
  return values;
}

/** Bytes of a stored value: Parquet has no integers below 32 bits. */
const STORED: Readonly<Record<NumberType, number>> = {
  ...{ int8: 4, uint8: 4, int16: 4, uint16: 4, int32: 4, uint32: 4, int64: 8, uint64: 8 },
  ...{ float16: 2, float32: 4, float64: 8 },
};

function decompress(bytes: Uint8Array, size: number, codec: string, compressors: Compressors): Uint8Array {
  if (codec === 'UNCOMPRESSED') return bytes;
  const run = Object.hasOwn(compressors, codec) ? compressors[codec as keyof Compressors] : undefined;
  if (run === undefined) throw new Error(`compression ${codec}`);
  const page = run(bytes, size);
  if (page.length !== size) throw new Error(`${page.length} bytes after decompression; expected ${size}`);
  return page;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

function part(bytes: Uint8Array, at: number, length: number): Uint8Array {
  if (!(at >= 0 && length >= 0 && at + length <= bytes.length))
    throw new Error(`${length} bytes at ${at} of ${bytes.length}`);
  return bytes.subarray(at, at + length);
}

const bitWidth = (max: number): number => 32 - Math.clz32(max);

/**
 * Fills an array from Parquet's mixture of runs and packed bits.
 *
 * @param width bits of a value
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/ (RLE = 3)
 */
function hybrid<T extends Uint8Array | Uint32Array>(bytes: Uint8Array, width: number, into: T): T {
  if (width > 24) throw new Error(`levels or indices of ${width} bits`);
  const mask = (1 << width) - 1;
  const need = (at: number): number => {
    if (at >= bytes.length)
      throw new Error(`${bytes.length} bytes of levels or indices end before ${counted(into.length, 'value')}`);
    return bytes[at];
  };
  let at = 0;
  for (let done = 0; done < into.length; ) {
    let head = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = need(at++);
      if (shift > 28) throw new Error('a run of more than 2^31 values');
      head += (byte & 0x7f) * 2 ** shift;
      if (byte < 128) break;
    }
    const packed = head % 2 === 1;
    const length = packed ? (head - 1) * 4 : head / 2;
    const stop = Math.min(into.length, done + length);
    if (stop === done) throw new Error('a run of no values');
    if (packed) {
      const next = at + ((head - 1) / 2) * width;
      let held = 0;
      for (let bits = 0; done < stop; done++, bits -= width) {
        for (; bits < width; bits += 8) held |= need(at++) << bits;
        into[done] = held & mask;
        held >>>= width;
      }
      at = next;
    } else {
      let value = 0;
      for (let bits = 0; bits < width; bits += 8) value |= need(at++) << bits;
      into.fill(value, done, stop);
      done = stop;
    }
  }
  return into;
}
