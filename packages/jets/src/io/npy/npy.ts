/** @file NumPy `.npy` arrays: a strict reader and a writer, over bytes alone. */
import { JetError } from '../../errors.js';
import { MEMORY_REMEDY, memoryFor } from '../../memoryBudget.js';
import { sizeOf } from '../../tensor.js';
import { joinBytes } from '../bytes/joinBytes.js';
import { encodeNpyHeader, parseNpyHeader } from './header.js';
import { decodeNpy, descrOf, encodeNpy, type NpyData, type NpyDtype, type NpyNumberType, npyElement } from './types.js';

export type { NpyData, NpyDtype, NpyNumberType } from './types.js';

/** An array as NumPy stores it: one of the types of `NpyData`, row-major. */
export type NpyArray = {
  [D in NpyDtype]: {
    readonly dtype: D;
    readonly shape: readonly number[];
    /** row-major, also where the file is column-major */
    readonly data: NpyData[D];
    /** true where the file is column-major; such arrays have been transposed */
    readonly fortranOrder?: boolean;
  };
}[NpyDtype];

/** What a reader of bytes is told about them. */
export interface ReadNpyOptions {
  /** for messages */
  readonly name?: string;
  /** largest number of elements accepted; default: as the budget of memory says, 2³⁰, or 2²⁴ strings */
  readonly maxElements?: number;
}

/**
 * Reads a `.npy` file: numbers of any width and byte order, booleans, fixed-width strings, headers v1 to v3.
 *
 * @param bytes the whole file; not modified. The result may share its memory.
 * @throws {JetError} BAD_FILE if it is truncated, has trailing bytes or a malformed header; UNSUPPORTED for object,
 *   structured, complex and date types; LIMIT_EXCEEDED above `maxElements`
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpy(bytes: Uint8Array, { name = 'npy', maxElements }: ReadNpyOptions = {}): NpyArray {
  const { descr, fortranOrder, shape, dataOffset } = parseNpyHeader(bytes, name);
  const element = npyElement(descr, name);
  const count = checkedCount(shape, maxElements ?? memoryFor('inputs') / (element.text ? 256 : 4), name);
  checkBytes(bytes.length - dataOffset, count, element.bytes, shape, name);
  const decoded = decodeNpy(element, bytes.subarray(dataOffset), count, name);
  if (!fortranOrder) return { ...decoded, shape };
  if (shape.length > 1) transpose(decoded.data, shape);
  return { ...decoded, shape, fortranOrder };
}

/**
 * The number of elements of a shape.
 *
 * @throws {JetError} LIMIT_EXCEEDED above `limit`
 */
export function checkedCount(shape: readonly number[], limit: number, name: string): number {
  const count = shape.includes(0) ? 0 : sizeOf(shape);
  if (count > limit)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: ${count} elements, shape (${shape.join(', ')}); expected at most ${limit}; split the array, ${MEMORY_REMEDY}`,
      { elements: count, limit },
    );
  return count;
}

/** Checks that a file holds exactly the bytes its shape asks for. */
export function checkBytes(
  got: number,
  count: number,
  elementBytes: number,
  shape: readonly number[],
  name: string,
): void {
  const expected = count * elementBytes;
  if (got !== expected)
    throw new JetError(
      'BAD_FILE',
      `${name}: ${got < expected ? 'truncated' : 'trailing bytes'}, got ${got} bytes of data; expected ${expected} for shape (${shape.join(', ')}) of ${elementBytes} bytes each; copy or save the file again`,
      { bytes: got, expected },
    );
}

/** Brings column-major elements into row-major order, in place. */
function transpose(
  data: { length: number; [index: number]: unknown; slice(): ArrayLike<unknown> },
  shape: readonly number[],
): void {
  const columnMajor = data.slice();
  const index = new Array<number>(shape.length).fill(0);
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  for (let i = 0, from = 0; i < data.length; i++) {
    data[i] = columnMajor[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

/**
 * Writes an array as NumPy 1.0 format, data aligned to 64 bytes.
 *
 * @throws {JetError} SHAPE_MISMATCH if the data is not as long as the shape asks for; OUT_OF_RANGE for a string
 *   with a character that its type cannot hold
 */
export function writeNpy(array: NpyArray): Uint8Array {
  const { shape } = array;
  const count = sizeOf(shape);
  if (array.data.length !== count)
    throw new JetError(
      'SHAPE_MISMATCH',
      `writeNpy: ${array.data.length} elements for shape (${shape.join(', ')}); expected ${count}`,
      { elements: array.data.length, expected: count },
    );
  const { descr, bytes } = encodeNpy(array);
  return joinBytes([encodeNpyHeader(descr, shape), bytes]);
}

/**
 * The header of an array whose numbers will follow it, as `writeNpy` writes it.
 *
 * @example `[npyHeader('float32', [2]), numbers]` are the parts of a file of two float32
 */
export function npyHeader(dtype: NpyNumberType, shape: readonly number[]): Uint8Array {
  return encodeNpyHeader(descrOf(dtype), shape);
}
