/** @file The element types of `.npy` files. */
import { JetError } from '../../errors.js';
import { halfBits, halfValue } from '../../float16.js';

/** The arrays that hold each type. */
export interface NpyData {
  float16: Float32Array;
  float32: Float32Array;
  float64: Float64Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array;
  /** 0 or 1 */
  bool: Uint8Array;
  /** fixed-width Unicode (`<U8`), without the padding */
  string: readonly string[];
  /** fixed-width bytes (`|S8`) as UTF-8, without the padding */
  bytes: readonly string[];
}

/** Names of the types, NumPy's own except for the two kinds of strings. */
export type NpyDtype = keyof NpyData;

/** The types that are not strings. */
export type NpyNumberType = Exclude<NpyDtype, 'string' | 'bytes'>;

type Decoded = { [D in NpyDtype]: { readonly dtype: D; readonly data: NpyData[D] } }[NpyDtype];

/** One element of a file. */
export interface NpyElement {
  readonly dtype: NpyDtype;
  /** of one element */
  readonly bytes: number;
  readonly bigEndian: boolean;
  readonly text: boolean;
}

const NUMBERS: Readonly<Record<string, NpyDtype>> = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  b1: 'bool',
};
const DESCRS = new Map(Object.entries(NUMBERS).map(([code, dtype]) => [dtype, code]));
const MAX_TEXT = 65_536;

/**
 * What a NumPy type string means.
 *
 * @throws {JetError} UNSUPPORTED for any type that is not in `NpyData`
 */
export function npyElement(descr: string, name: string): NpyElement {
  const [, order, code, digits] = /^([<>|=])?([A-Za-z])(\d{0,6})$/.exec(descr) ?? [];
  const bigEndian = order === '>';
  const dtype = NUMBERS[`${code}${digits}`];
  if (dtype !== undefined && (order !== '|' || digits === '1'))
    return { dtype, bytes: Number(digits), bigEndian, text: false };
  const width = Number(digits);
  if ((code === 'U' || code === 'S') && width >= 1 && width <= MAX_TEXT)
    return code === 'U'
      ? { dtype: 'string', bytes: 4 * width, bigEndian, text: true }
      : { dtype: 'bytes', bytes: width, bigEndian, text: true };
  const remedy =
    code === 'O'
      ? 'objects are pickles, which are never read: convert with array.astype(numpy.float32) or astype(str) and save again'
      : 'convert with array.astype(numpy.float32) and save again';
  throw new JetError(
    'UNSUPPORTED',
    `${name}: elements of type "${descr}"; expected float16/32/64, int8 to uint64, bool, or strings (U, S) of 1 to ${MAX_TEXT} characters; ${remedy}`,
    { descr },
  );
}

/** A copy in which each group of `size` bytes is reversed. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += size) for (let j = 0; j < size; j++) out[i + j] = bytes[i + size - 1 - j];
  return out;
}

/** Decodes `count` elements from the start of `bytes`; shares the memory where type and alignment allow. */
export function decodeNpy(element: NpyElement, bytes: Uint8Array, count: number, name: string): Decoded {
  const { dtype } = element;
  const all = bytes.subarray(0, count * element.bytes);
  if (dtype === 'bytes') return { dtype, data: decodeBytes(all, element.bytes, count, name) };
  const unit = dtype === 'string' ? 4 : element.bytes;
  const ordered = element.bigEndian && unit > 1 ? swapped(all, unit) : all;
  const { buffer, byteOffset } = ordered.byteOffset % unit === 0 ? ordered : new Uint8Array(ordered);
  switch (dtype) {
    case 'string':
      return {
        dtype,
        data: decodeText(
          new Uint32Array(buffer, byteOffset, (count * element.bytes) / 4),
          element.bytes / 4,
          count,
          name,
        ),
      };
    case 'float16':
      return { dtype, data: decodeHalf(new Uint16Array(buffer, byteOffset, count)) };
    case 'bool':
      return { dtype, data: checkedBooleans(new Uint8Array(buffer, byteOffset, count), name) };
    case 'float32':
      return { dtype, data: new Float32Array(buffer, byteOffset, count) };
    case 'float64':
      return { dtype, data: new Float64Array(buffer, byteOffset, count) };
    case 'int8':
      return { dtype, data: new Int8Array(buffer, byteOffset, count) };
    case 'int16':
      return { dtype, data: new Int16Array(buffer, byteOffset, count) };
    case 'int32':
      return { dtype, data: new Int32Array(buffer, byteOffset, count) };
    case 'int64':
      return { dtype, data: new BigInt64Array(buffer, byteOffset, count) };
    case 'uint8':
      return { dtype, data: new Uint8Array(buffer, byteOffset, count) };
    case 'uint16':
      return { dtype, data: new Uint16Array(buffer, byteOffset, count) };
    case 'uint32':
      return { dtype, data: new Uint32Array(buffer, byteOffset, count) };
    case 'uint64':
      return { dtype, data: new BigUint64Array(buffer, byteOffset, count) };
  }
}

function decodeHalf(bits: Uint16Array): Float32Array {
  const numbers = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) numbers[i] = halfValue(bits[i]);
  return numbers;
}

function checkedBooleans(data: Uint8Array, name: string): Uint8Array {
  const bad = data.findIndex((value) => value > 1);
  if (bad >= 0)
    throw new JetError('BAD_FILE', `${name}: boolean ${bad} is ${data[bad]}; expected 0 or 1; save the array again`, {
      index: bad,
      value: data[bad],
    });
  return data;
}

function decodeText(points: Uint32Array, width: number, count: number, name: string): string[] {
  return Array.from({ length: count }, (_, i) => {
    let end = (i + 1) * width;
    while (end > i * width && points[end - 1] === 0) end--;
    let text = '';
    for (let j = i * width; j < end; j++) {
      if (points[j] > 0x10ffff)
        throw new JetError(
          'BAD_FILE',
          `${name}: string ${i} has character ${points[j]}; expected at most ${0x10ffff}`,
          {
            index: i,
            character: points[j],
          },
        );
      text += String.fromCodePoint(points[j]);
    }
    return text;
  });
}

function decodeBytes(bytes: Uint8Array, width: number, count: number, name: string): string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return Array.from({ length: count }, (_, i) => {
    let end = (i + 1) * width;
    while (end > i * width && bytes[end - 1] === 0) end--;
    try {
      return decoder.decode(bytes.subarray(i * width, end));
    } catch (error) {
      throw new JetError(
        'BAD_FILE',
        `${name}: string ${i} is not UTF-8; save the array as Unicode (astype(str))`,
        { index: i },
        { cause: error },
      );
    }
  });
}

/** NumPy's type string and the little-endian bytes of the elements. */
export function encodeNpy(array: Decoded): { readonly descr: string; readonly bytes: Uint8Array } {
  if (array.dtype === 'string') return encodeText(array.data);
  if (array.dtype === 'bytes') return encodeBytes(array.data);
  const data = array.dtype === 'float16' ? Uint16Array.from(array.data, halfBits) : array.data;
  if (array.dtype === 'bool') checkedBooleans(array.data, 'writeNpy');
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { descr: descrOf(array.dtype), bytes };
}

/** NumPy's type string of numbers as we write them, little-endian. */
export function descrOf(dtype: NpyNumberType): string {
  const code = DESCRS.get(dtype) ?? '';
  return `${code.endsWith('1') ? '|' : '<'}${code}`;
}

function encodeText(strings: readonly string[]): { descr: string; bytes: Uint8Array } {
  const points = strings.map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));
  const width = points.reduce((most, { length }) => Math.max(most, length), 1);
  const out = new Uint32Array(width * strings.length);
  for (const [i, text] of points.entries()) {
    checkPadding(text.at(-1), i);
    out.set(text, i * width);
  }
  return { descr: `<U${width}`, bytes: new Uint8Array(out.buffer) };
}

function encodeBytes(strings: readonly string[]): { descr: string; bytes: Uint8Array } {
  const encoded = strings.map((text) => new TextEncoder().encode(text));
  const width = encoded.reduce((most, { length }) => Math.max(most, length), 1);
  const bytes = new Uint8Array(width * strings.length);
  for (const [i, text] of encoded.entries()) {
    checkPadding(text.at(-1), i);
    bytes.set(text, i * width);
  }
  return { descr: `|S${width}`, bytes };
}

function checkPadding(last: number | undefined, index: number): void {
  if (last === 0)
    throw new JetError(
      'OUT_OF_RANGE',
      `writeNpy: string ${index} ends in a zero character, which is padding; remove it`,
      {
        index,
      },
    );
}
