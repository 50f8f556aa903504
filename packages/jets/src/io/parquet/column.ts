/** @file A column of a Parquet file, decoded one page at a time. */
import type { readOffsetIndex } from 'hyparquet';
import { JetError } from '../../errors.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import { decoding } from '../bytes/decoding.js';
import { readExactly } from '../bytes/readExactly.js';
import { crc32 } from '../bytes/zip.js';
import type { ColumnRows, TableColumn } from '../tables/columnTable.js';
import {
  type ColumnMeta,
  checkPage,
  decodeDictionary,
  decodePage,
  type PageForm,
  type PageHeader,
  type PageLibrary,
} from './page.js';

/** The part of a column that lies in one row group. */
export interface Chunk {
  readonly rows: number;
  readonly meta: ColumnMeta;
  /** where the list of its pages is, if the file has one */
  readonly index?: { readonly offset: number; readonly length: number };
}

/** All that is known of a column before its data is read. */
export interface ParquetColumn {
  readonly form: PageForm;
  /** level of an empty list */
  readonly emptyDefinition: number;
  readonly chunks: readonly Chunk[];
}

/** What is loaded with the first Parquet file. */
export interface ParquetLibrary extends PageLibrary {
  readonly readOffsetIndex: typeof readOffsetIndex;
}

/** Headers are read in pieces of these sizes; statistics make some of them long. */
const HEADER_BYTES = [256, 65_536, 2 ** 24];

/** A page that begins at a byte, and the first of the rows that begin in it. */
interface Mark {
  readonly at: number;
  readonly row: number;
}

/** A page in memory; values before the first offset belong to the row before. */
interface Page {
  readonly first: number;
  /** rows that begin in it */
  readonly count: number;
  readonly values: ColumnRows['values'];
  /** (count + 1) */
  readonly offsets: Uint32Array;
  /** byte after it */
  readonly next: number;
}

/** A row group in which is read. */
interface OpenChunk {
  readonly index: number;
  readonly meta: ColumnMeta;
  /** rows of the file before and up to its end */
  readonly first: number;
  readonly last: number;
  /** byte after its pages */
  readonly end: number;
  readonly dictionary: ColumnRows['values'] | undefined;
  /** pages that have been found, in order */
  readonly marks: Mark[];
}

/** A column that is read by pages; the page decoded last is kept. */
export function parquetColumn(
  file: BinaryFile,
  name: string,
  type: string,
  { form, emptyDefinition, chunks }: ParquetColumn,
  library: ParquetLibrary,
): TableColumn {
  const starts = [0];
  for (const { rows } of chunks) starts.push(starts[starts.length - 1] + rows);
  let open: OpenChunk | undefined;
  let held: Page | undefined;
  const list = form.maxRepetition > 0;

  return {
    type,
    form: list ? 'list' : 'number',
    read: (start, stop) => decoding(name, () => readRows(start, stop)),
  };

  function readRows(start: number, stop: number): ColumnRows {
    const offsets = new Uint32Array(stop - start + 1);
    const parts: ColumnRows['values'][] = [];
    let used = 0;
    const add = (values: ColumnRows['values']): void => {
      parts.push(values);
      used += values.length;
    };
    for (let row = start; row < stop; ) {
      const index = starts.findLastIndex((first) => first <= row);
      if (open?.index !== index) [open, held] = [openChunk(index), undefined];
      const last = Math.min(stop, open.last);
      let page = pageOf(open, row);
      for (;;) {
        const from = row - page.first;
        const to = Math.min(last - page.first, page.count);
        for (let i = from; i < to; i++) offsets[row - start + i - from] = used + page.offsets[i] - page.offsets[from];
        add(page.values.subarray(page.offsets[from], page.offsets[to]));
        row = page.first + to;
        if (to < page.count || (row === last && (!list || page.next >= open.end))) break;
        page = pageAt(open, page.next, row);
        // The row before may go on in this page.
        add(page.values.subarray(0, page.offsets[0]));
        if (row === last && page.count > 0) break;
      }
    }
    offsets[stop - start] = used;
    return { values: joined(parts, used, form.type === 'float32'), offsets };
  }

  function openChunk(index: number): OpenChunk {
    const { meta, index: list } = chunks[index];
    const begin = Number(meta.dictionary_page_offset || meta.data_page_offset);
    const end = begin + Number(meta.total_compressed_size);
    const { header, at, next } = readHeader(begin, end);
    const isDictionary = header.type === 'DICTIONARY_PAGE';
    const dictionary = isDictionary ? decodeDictionary(bytesOf(at, header), header, meta, form, library) : undefined;
    const marks: Mark[] = [{ at: isDictionary ? next : begin, row: starts[index] }];
    if (list) {
      const { page_locations: pages } = library.readOffsetIndex({
        view: readExactly(file, list.offset, list.length),
        offset: 0,
      });
      for (const { offset, first_row_index } of pages.slice(1))
        marks.push({ at: Number(offset), row: starts[index] + Number(first_row_index) });
      if (
        marks.some((mark, i) => i > 0 && !(mark.at > marks[i - 1].at && mark.at < end && mark.row >= marks[i - 1].row))
      )
        throw new Error(`the list of pages of row group ${index} is out of order`);
    }
    return { index, meta, first: starts[index], last: starts[index + 1], end, dictionary, marks };
  }

  /** The page in which a row begins. */
  function pageOf(chunk: OpenChunk, row: number): Page {
    const contains = (page: Page): boolean => page.first <= row && row < page.first + page.count;
    if (held && contains(held)) return held;
    const mark = chunk.marks.findLast((one) => one.row <= row) ?? chunk.marks[0];
    let page = pageAt(chunk, mark.at, mark.row);
    while (!contains(page)) page = pageAt(chunk, page.next, page.first + page.count);
    return page;
  }

  function pageAt(chunk: OpenChunk, at: number, first: number): Page {
    for (let from = at; ; ) {
      if (from >= chunk.end) throw new Error(`row group ${chunk.index} ends at row ${first}; expected ${chunk.last}`);
      const found = readHeader(from, chunk.end);
      from = found.next;
      if (found.header.type !== 'DATA_PAGE' && found.header.type !== 'DATA_PAGE_V2') continue;
      held = decode(chunk, found.header, bytesOf(found.at, found.header), first, found.next);
      const row = first + held.count;
      const frontier = chunk.marks[chunk.marks.length - 1];
      if (frontier.at < found.next) chunk.marks.push({ at: found.next, row });
      return held;
    }
  }

  function readHeader(from: number, end: number): { header: PageHeader; at: number; next: number } {
    for (const size of HEADER_BYTES) {
      const view = readExactly(file, from, Math.min(size, end - from));
      const reader = { view, offset: 0 };
      let header: PageHeader;
      try {
        header = library.parquetHeader(reader);
      } catch (cause) {
        if (view.byteLength < end - from && size !== HEADER_BYTES.at(-1)) continue;
        throw cause;
      }
      checkPage(name, header);
      const at = from + reader.offset;
      const next = at + header.compressed_page_size;
      if (!(header.compressed_page_size >= 0) || next > end)
        throw new Error(`a page of ${header.compressed_page_size} bytes at ${at}; expected its end before ${end}`);
      return { header, at, next };
    }
    throw new Error('a page header without end');
  }

  function bytesOf(at: number, { compressed_page_size: size, crc }: PageHeader): Uint8Array {
    const bytes = new Uint8Array(readExactly(file, at, size).buffer);
    if (crc !== undefined && crc32(bytes) !== crc >>> 0) throw new Error(`the check sum of the page at ${at} is wrong`);
    return bytes;
  }

  function decode(chunk: OpenChunk, header: PageHeader, bytes: Uint8Array, first: number, next: number): Page {
    const { values, repetition, definition } = decodePage(bytes, header, chunk.meta, form, chunk.dictionary, library);
    const places = repetition?.length ?? values.length;
    const missing = (row: number): JetError =>
      new JetError(
        'BAD_DATASET',
        `${name}: no value in row ${row}; expected a number everywhere; fill or drop what is missing`,
        { row },
      );
    if (repetition === undefined) {
      if (definition) throw missing(first + definition.findIndex((level) => level !== form.maxDefinition));
      const offsets = new Uint32Array(places + 1);
      for (let i = 0; i <= places; i++) offsets[i] = i;
      return { first, count: places, values, offsets, next };
    }
    const offsets = new Uint32Array(places + 1);
    let count = 0;
    let seen = 0;
    for (let i = 0; i < places; i++) {
      if (repetition[i] === 0) offsets[count++] = seen;
      if (definition === undefined || definition[i] === form.maxDefinition) seen++;
      else if (definition[i] !== emptyDefinition) throw missing(first + count - 1);
    }
    offsets[count] = seen;
    if (first === chunk.first && places > 0 && repetition[0] !== 0)
      throw new Error(`row group ${chunk.index} begins inside of a row`);
    if (first + count > chunk.last)
      throw new Error(`row group ${chunk.index} has more rows than ${chunk.last - chunk.first}`);
    return { first, count, values, offsets: offsets.subarray(0, count + 1), next };
  }
}

function joined(parts: readonly ColumnRows['values'][], length: number, float32: boolean): ColumnRows['values'] {
  if (parts.length === 1) return parts[0];
  const values = float32 ? new Float32Array(length) : new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return values;
}
