/** @file Typed arrays to constants and back. */
import { JetError, quoted, sizeOf } from '@jetsdk/jets';
import type { Initializer } from './model.js';

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function checkLength(name: string, dims: readonly number[], length: number): void {
  if (sizeOf(dims) !== length)
    throw new JetError('SHAPE_MISMATCH', `${name}: ${length} numbers for shape [${dims}]; expected ${sizeOf(dims)}`, {
      dims,
      length,
    });
}

/** Wraps `values` without copying. */
export function floatInitializer(name: string, dims: readonly number[], values: Float32Array): Initializer {
  checkLength(name, dims, values.length);
  return { name, type: 'float32', dims, data: bytesOf(values) };
}

/** A vector of int64, as shapes and axes are. */
export function int64Initializer(
  name: string,
  values: readonly number[],
  dims: readonly number[] = [values.length],
): Initializer {
  checkLength(name, dims, values.length);
  return { name, type: 'int64', dims, data: bytesOf(BigInt64Array.from(values, BigInt)) };
}

/** Wraps `values` without copying. */
export function int8Initializer(name: string, dims: readonly number[], values: Int8Array): Initializer {
  checkLength(name, dims, values.length);
  return { name, type: 'int8', dims, data: bytesOf(values) };
}

/** Wraps `values` without copying. */
export function uint8Initializer(name: string, dims: readonly number[], values: Uint8Array): Initializer {
  checkLength(name, dims, values.length);
  return { name, type: 'uint8', dims, data: values };
}

/** Wraps `values` without copying. */
export function int32Initializer(name: string, dims: readonly number[], values: Int32Array): Initializer {
  checkLength(name, dims, values.length);
  return { name, type: 'int32', dims, data: bytesOf(values) };
}

/**
 * The numbers of a float32 tensor: a view where the bytes are aligned, else a copy. Not to be written to.
 *
 * @throws {JetError} UNSUPPORTED if the tensor has another type
 */
export function floatsOf(tensor: Initializer): Float32Array {
  if (tensor.type !== 'float32')
    throw new JetError('UNSUPPORTED', `tensor ${quoted(tensor.name)}: type ${tensor.type}; expected float32`, {
      type: tensor.type,
    });
  const aligned = tensor.data.byteOffset % 4 === 0 ? tensor.data : new Uint8Array(tensor.data);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

/**
 * The numbers of an int64 tensor.
 *
 * @throws {JetError} UNSUPPORTED if the tensor has another type
 */
export function int64sOf(tensor: Initializer): number[] {
  if (tensor.type !== 'int64')
    throw new JetError('UNSUPPORTED', `tensor ${quoted(tensor.name)}: type ${tensor.type}; expected int64`, {
      type: tensor.type,
    });
  const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  return Array.from({ length: tensor.data.byteLength / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
}

/**
 * A copy of a row-major array with its axes reordered: axis `i` of the result is axis `axes[i]` of `values`.
 *
 * @param dims shape of `values`
 */
export function transpose(values: Float32Array, dims: readonly number[], axes: readonly number[]): Float32Array {
  const outDims = axes.map((axis) => dims[axis]);
  const strides = dims.map((_, axis) => sizeOf(outDims.slice(axes.indexOf(axis) + 1)));
  const out = new Float32Array(values.length);
  const row = dims.at(-1) ?? 1;
  const step = strides.at(-1) ?? 1;
  const index = new Int32Array(Math.max(dims.length - 1, 0));
  let to = 0;
  for (let from = 0; from < values.length; from += row) {
    for (let i = 0, at = to; i < row; i++, at += step) out[at] = values[from + i];
    for (let axis = index.length - 1; axis >= 0; axis--) {
      to += strides[axis];
      if (++index[axis] < dims[axis]) break;
      to -= strides[axis] * dims[axis];
      index[axis] = 0;
    }
  }
  return out;
}
