/** @file Branches of a ROOT tree as columns: baskets are found, checked, decompressed and decoded one at a time. */

import { counted } from '../../counted.js';
import { JetError } from '../../errors.js';
import { MEMORY_REMEDY, memoryFor } from '../../memoryBudget.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import { decoding } from '../bytes/decoding.js';
import { readExactly } from '../bytes/readExactly.js';
import { type ColumnRows, evenOffsets, type TableColumn } from '../tables/columnTable.js';
import type { Corrupt, Unzip } from './unzip.js';

/** A tree as JSROOT gives it. */
export interface RootTree {
  readonly fEntries: number;
  readonly fBranches: { readonly arr: readonly RootBranch[] };
}

interface RootBranch {
  readonly fName: string;
  readonly _typename: string;
  /** of branches of classes, e.g. `vector<float>` */
  readonly fClassName?: string;
  readonly fFileName: string;
  readonly fEntries: number;
  readonly fWriteBasket: number;
  readonly fBasketBytes: ArrayLike<number>;
  readonly fBasketEntry: ArrayLike<number>;
  readonly fBasketSeek: ArrayLike<number>;
  readonly fBaskets?: { readonly arr: readonly (RootBasket | null)[] };
  readonly fLeaves: { readonly arr: readonly RootLeaf[] };
  readonly fBranches?: { readonly arr: readonly RootBranch[] };
}

/** A basket that lies inside the tree's own record. */
interface RootBasket {
  readonly fNevBuf: number;
  readonly fKeylen: number;
  readonly fEntryOffset?: ArrayLike<number>;
  readonly fBufferRef?: { readonly arr: DataView };
}

interface RootLeaf {
  readonly _typename: string;
  readonly fLen: number;
  readonly fIsUnsigned: boolean;
  readonly fLeafCount?: object | null;
}

/** Numbers as baskets have them, most significant byte first. */
interface Element {
  readonly type: string;
  readonly bytes: number;
  readonly get: (view: DataView, byte: number) => number;
}

const element = (type: string, bytes: number, get: Element['get']): Element => ({ type, bytes, get });
const ELEMENTS = {
  float32: element('float32', 4, (view, byte) => view.getFloat32(byte)),
  float64: element('float64', 8, (view, byte) => view.getFloat64(byte)),
  bool: element('bool', 1, (view, byte) => view.getUint8(byte)),
  int8: element('int8', 1, (view, byte) => view.getInt8(byte)),
  uint8: element('uint8', 1, (view, byte) => view.getUint8(byte)),
  int16: element('int16', 2, (view, byte) => view.getInt16(byte)),
  uint16: element('uint16', 2, (view, byte) => view.getUint16(byte)),
  int32: element('int32', 4, (view, byte) => view.getInt32(byte)),
  uint32: element('uint32', 4, (view, byte) => view.getUint32(byte)),
  int64: element('int64', 8, (view, byte) => Number(view.getBigInt64(byte))),
  uint64: element('uint64', 8, (view, byte) => Number(view.getBigUint64(byte))),
};
type ElementName = keyof typeof ELEMENTS;

const LEAVES: Readonly<Record<string, readonly [signed: ElementName, unsigned: ElementName]>> = {
  TLeafF: ['float32', 'float32'],
  TLeafD: ['float64', 'float64'],
  TLeafO: ['bool', 'bool'],
  TLeafB: ['int8', 'uint8'],
  TLeafS: ['int16', 'uint16'],
  TLeafI: ['int32', 'uint32'],
  TLeafL: ['int64', 'uint64'],
  TLeafG: ['int64', 'uint64'],
};

const VECTORS: Readonly<Record<string, ElementName>> = {
  float: 'float32',
  double: 'float64',
  bool: 'bool',
  char: 'int8',
  'signed char': 'int8',
  'unsigned char': 'uint8',
  short: 'int16',
  'unsigned short': 'uint16',
  int: 'int32',
  'unsigned int': 'uint32',
  long: 'int64',
  'unsigned long': 'uint64',
  'long long': 'int64',
  'unsigned long long': 'uint64',
  Long64_t: 'int64',
  ULong64_t: 'uint64',
};

/** Bytes of a `std::vector` before its numbers: byte count, version, length. */
const VECTOR_HEADER = 10;
const BYTE_COUNT = 0x40000000;

/** How the bytes of one row are read. */
interface Form {
  readonly element: Element;
  /** numbers a row where it does not vary */
  readonly fixed?: number;
  /** bytes before the numbers of a row */
  readonly header: number;
}

function formOf({ _typename, fClassName, fLeaves, fBranches }: RootBranch): Form | undefined {
  const [leaf, second] = fLeaves.arr;
  if (leaf === undefined || second !== undefined || (fBranches && fBranches.arr.length > 0)) return undefined;
  if (_typename === 'TBranchElement') {
    const [, inside] = /^(?:std::)?vector<\s*([\w ]*\w)\s*>$/.exec(fClassName ?? '') ?? [];
    if (inside === undefined || !Object.hasOwn(VECTORS, inside)) return undefined;
    return { element: ELEMENTS[VECTORS[inside]], header: VECTOR_HEADER };
  }
  const names = _typename === 'TBranch' ? LEAVES[leaf._typename] : undefined;
  if (names === undefined) return undefined;
  const one = ELEMENTS[names[leaf.fIsUnsigned ? 1 : 0]];
  return leaf.fLeafCount ? { element: one, header: 0 } : { element: one, header: 0, fixed: leaf.fLen };
}

/**
 * The branches of a tree by name; those inside of others as `outer.inner`, unless their names say so already.
 *
 * @throws {JetError} BAD_FILE if a branch has another number of rows than the tree
 */
export function branchColumns(
  file: BinaryFile,
  name: string,
  { fEntries, fBranches }: RootTree,
  unzip: Unzip,
): Map<string, TableColumn> {
  const rows = Number(fEntries);
  if (!Number.isSafeInteger(rows) || rows < 0)
    throw new JetError(
      'BAD_FILE',
      `${name}: ${counted(rows, 'row')}; expected a whole number of at least 0; copy the file again`,
      {
        rows,
      },
    );
  const columns = new Map<string, TableColumn>();
  const visit = (branches: readonly RootBranch[], prefix: string): void => {
    for (const branch of branches) {
      const path = branch.fName.startsWith(prefix) ? branch.fName : prefix + branch.fName;
      const form = formOf(branch);
      if (form) columns.set(path, branchColumn(file, `${name}: branch ${path}`, branch, form, rows, unzip));
      else columns.set(path, unread(`${name}: branch ${path}`, branch));
      if (branch.fBranches) visit(branch.fBranches.arr, `${path.replace(/\.$/, '')}.`);
    }
  };
  visit(fBranches.arr, '');
  return columns;
}

function unread(name: string, { fClassName, fLeaves }: RootBranch): TableColumn {
  const type = fClassName || fLeaves.arr.map((leaf) => leaf._typename).join(', ') || 'unknown';
  return {
    type,
    form: 'other',
    read: async () => {
      throw new JetError(
        'UNSUPPORTED',
        `${name}: of type ${type}; expected numbers, arrays or std::vector of numbers`,
        {
          type,
        },
      );
    },
  };
}

function branchColumn(
  file: BinaryFile,
  name: string,
  branch: RootBranch,
  form: Form,
  rows: number,
  unzip: Unzip,
): TableColumn {
  const list = form.fixed !== 1;
  let held: { readonly first: number; readonly last: number; readonly rows: ColumnRows } | undefined;
  let baskets: Uint32Array | undefined;
  return {
    type: `${form.element.type}${list ? `[${form.fixed ?? ''}]` : ''}`,
    form: list ? 'list' : 'number',
    read: (start, stop) =>
      decoding(name, async () => {
        baskets ??= basketStarts(name, branch, rows);
        const parts: { readonly rows: ColumnRows; readonly from: number; readonly to: number }[] = [];
        for (let row = start; row < stop; ) {
          if (!held || row < held.first || row >= held.last) {
            const index = upperBound(baskets, row) - 1;
            const [first, last] = [baskets[index], baskets[index + 1]];
            held = { first, last, rows: await readBasket(file, name, branch, form, index, last - first, unzip) };
          }
          const to = Math.min(stop, held.last);
          parts.push({ rows: held.rows, from: row - held.first, to: to - held.first });
          row = to;
        }
        return joined(parts, form.element.type === 'float32');
      }),
  };
}

/** First row of every basket, and the number of rows. */
function basketStarts(name: string, branch: RootBranch, rows: number): Uint32Array {
  if (branch.fFileName !== '')
    throw new JetError('UNSUPPORTED', `${name}: its data is in ${branch.fFileName}; expected it in the same file`, {
      file: branch.fFileName,
    });
  const embedded = branch.fBaskets?.arr[branch.fWriteBasket];
  const count = branch.fWriteBasket + (embedded ? 1 : 0);
  if (!(count >= 0 && count <= rows))
    throw new JetError(
      'BAD_FILE',
      `${name}: ${counted(count, 'basket')} of ${counted(rows, 'row')}; expected at most as many; copy the file again`,
      {
        baskets: count,
        rows,
      },
    );
  // compared as they are: an array of 32 bits would cut what is damaged down to what fits
  const starts = Array.from({ length: count + 1 }, (_, i) => (i === count ? rows : Number(branch.fBasketEntry[i])));
  const rising = starts.every((start, i) => (i === 0 ? start === 0 : start > starts[i - 1]));
  const covered = embedded ? starts[count - 1] + embedded.fNevBuf : Number(branch.fBasketEntry[count]);
  if (rows > 0 && !rising)
    throw new JetError(
      'BAD_FILE',
      `${name}: baskets begin at rows ${starts.slice(0, Math.min(count, 4)).join(', ')} of ${rows}; expected them to rise from 0; the file is corrupt; copy or make it again`,
      { rows },
    );
  if (Number(branch.fEntries) !== rows || (rows > 0 && covered !== rows))
    throw new JetError(
      'BAD_FILE',
      `${name}: ${covered} of ${counted(branch.fEntries, 'row')} in ${counted(count, 'basket')}; expected ${rows} as in the tree; the file is corrupt, or the writer did not finish it`,
      { covered, rows },
    );
  return Uint32Array.from(starts);
}

function upperBound(starts: Uint32Array, row: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The bytes of a basket and where its rows begin. */
async function readBasket(
  file: BinaryFile,
  name: string,
  branch: RootBranch,
  form: Form,
  index: number,
  rows: number,
  unzip: Unzip,
): Promise<ColumnRows> {
  const corrupt: Corrupt = (what, cause) =>
    new JetError(
      'BAD_FILE',
      `${name}: basket ${index}: ${what}; the file is corrupt; copy or make it again`,
      { basket: index },
      { cause },
    );
  const inTree = index === branch.fWriteBasket || Number(branch.fBasketSeek[index]) === 0;
  const embedded = inTree ? branch.fBaskets?.arr[index] : undefined;
  if (embedded) {
    const { fBufferRef, fEntryOffset, fKeylen, fNevBuf } = embedded;
    if (fNevBuf !== rows) throw corrupt(`${counted(fNevBuf, 'row')}; expected ${rows}`);
    const view = fBufferRef?.arr ?? new DataView(new ArrayBuffer(0));
    const starts = fEntryOffset && Array.from(fEntryOffset, (offset) => offset - fKeylen).slice(0, rows);
    return decode(form, view, view.byteLength, starts, rows, corrupt);
  }
  const key = readExactly(file, Number(branch.fBasketSeek[index]), branch.fBasketBytes[index]);
  if (key.byteLength < 37) throw corrupt(`${key.byteLength} bytes; expected at least 37`);
  const bytes = key.getInt32(0);
  const size = key.getInt32(6);
  const keyBytes = key.getInt16(14);
  if (bytes !== key.byteLength || keyBytes < 37 || keyBytes > bytes || size < 0)
    throw corrupt(`${bytes} bytes with a key of ${keyBytes}; expected ${key.byteLength} bytes`);
  const limit = memoryFor('piece');
  if (size > limit)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: basket ${index}: ${size} bytes; expected at most ${limit}; write smaller baskets, ${MEMORY_REMEDY}`,
      {
        bytes: size,
        limit,
      },
    );
  const held = key.getInt32(keyBytes - 9);
  if (held !== rows) throw corrupt(`${counted(held, 'row')}; expected ${rows}`);
  const end = key.getInt32(keyBytes - 5) - keyBytes;
  const stored = new DataView(key.buffer, keyBytes);
  const data = size > stored.byteLength ? await unzip(stored, size, corrupt) : stored;
  if (end < 0 || end > size) throw corrupt(`data of ${end} bytes; expected at most ${size}`);
  if (form.fixed !== undefined) return decode(form, data, end, undefined, rows, corrupt);
  if (end === size && rows > 0)
    throw new JetError(
      'UNSUPPORTED',
      `${name}: basket ${index}: no places of its ${counted(rows, 'row')}, as with ROOT's kGenerateOffsetMap; write the file without that`,
      { basket: index },
    );
  const starts = new Array<number>(rows);
  if (end + 4 + 4 * rows > size || data.getInt32(end) < rows)
    throw corrupt(`places of ${counted(rows, 'row')} in ${size - end} bytes; expected ${4 + 4 * rows} at least`);
  for (let row = 0; row < rows; row++) starts[row] = data.getInt32(end + 4 + 4 * row) - keyBytes;
  return decode(form, data, end, starts, rows, corrupt);
}

function decode(
  { element, fixed, header }: Form,
  view: DataView,
  end: number,
  starts: readonly number[] | undefined,
  rows: number,
  corrupt: Corrupt,
): ColumnRows {
  const { bytes, get } = element;
  const offsets = fixed === undefined ? new Uint32Array(rows + 1) : evenOffsets(rows, fixed);
  if (fixed !== undefined && end !== rows * fixed * bytes)
    throw corrupt(`${end} bytes; expected ${rows * fixed * bytes} for ${counted(rows, 'row')}`);
  if (fixed === undefined)
    for (let row = 0; row < rows; row++) {
      const start = starts?.[row] ?? -1;
      const length = (starts && row + 1 < rows ? starts[row + 1] : end) - start - header;
      if (start < 0 || length < 0 || length % bytes !== 0 || start + header + length > end)
        throw corrupt(`row ${row} of ${length} bytes at ${start} of ${end}`);
      if (
        header > 0 &&
        !(
          view.getUint32(start) === (BYTE_COUNT | (length + header - 4)) >>> 0 &&
          view.getUint32(start + 6) === length / bytes
        )
      )
        throw corrupt(`row ${row} is no vector of ${length / bytes} numbers`);
      offsets[row + 1] = offsets[row] + length / bytes;
    }
  const count = offsets[rows];
  const values = element.type === 'float32' ? new Float32Array(count) : new Float64Array(count);
  for (let row = 0, at = 0; row < rows; row++) {
    let byte = starts ? starts[row] + header : at * bytes;
    for (const stop = offsets[row + 1]; at < stop; at++, byte += bytes) values[at] = get(view, byte);
  }
  const odd = element.type === 'bool' ? values.find((value) => value > 1) : undefined;
  if (odd !== undefined) throw corrupt(`a boolean of ${odd}`);
  return { values, offsets };
}

/** Rows of several baskets, one after the other. */
function joined(
  parts: readonly { readonly rows: ColumnRows; readonly from: number; readonly to: number }[],
  float32: boolean,
): ColumnRows {
  if (parts.length === 1) {
    const [{ rows, from, to }] = parts;
    const offsets = rows.offsets.slice(from, to + 1);
    const [first] = offsets;
    for (let i = 0; i < offsets.length; i++) offsets[i] -= first;
    return { values: rows.values.subarray(first, first + offsets[to - from]), offsets };
  }
  let count = 0;
  let numbers = 0;
  for (const { rows, from, to } of parts) {
    count += to - from;
    numbers += rows.offsets[to] - rows.offsets[from];
  }
  const offsets = new Uint32Array(count + 1);
  const values = float32 ? new Float32Array(numbers) : new Float64Array(numbers);
  let row = 0;
  for (const { rows, from, to } of parts) {
    const [start, base] = [rows.offsets[from], offsets[row]];
    values.set(rows.values.subarray(start, rows.offsets[to]), base);
    for (let i = from; i < to; i++) offsets[++row] = base + rows.offsets[i + 1] - start;
  }
  return { values, offsets };
}
