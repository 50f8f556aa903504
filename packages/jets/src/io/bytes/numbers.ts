/** @file Numbers as files store them: little-endian, of any width, possibly unaligned. */
import { halfValue } from '../../float16.js';

export type NumberType = keyof typeof BYTES;

const BYTES = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float16: 2,
  float32: 4,
  float64: 8,
} as const;

/** Reads one number at a byte. 64-bit integers become the nearest double. */
export const READERS: Readonly<Record<NumberType, (view: DataView, byte: number) => number>> = {
  int8: (view, byte) => view.getInt8(byte),
  uint8: (view, byte) => view.getUint8(byte),
  int16: (view, byte) => view.getInt16(byte, true),
  uint16: (view, byte) => view.getUint16(byte, true),
  int32: (view, byte) => view.getInt32(byte, true),
  uint32: (view, byte) => view.getUint32(byte, true),
  int64: (view, byte) => Number(view.getBigInt64(byte, true)),
  uint64: (view, byte) => Number(view.getBigUint64(byte, true)),
  float16: (view, byte) => halfValue(view.getUint16(byte, true)),
  float32: (view, byte) => view.getFloat32(byte, true),
  float64: (view, byte) => view.getFloat64(byte, true),
};

export const isNumberType = (type: string): type is NumberType => type in BYTES;

/** Bytes of one number. */
export const bytesOf = (type: NumberType): number => BYTES[type];

/** Copies numbers that lie one after the other; float32, float64 and bytes without a step per number. */
export function copyNumbers(
  type: NumberType,
  buffer: ArrayBufferLike,
  byteOffset: number,
  into: Float32Array | Float64Array | Int8Array,
  at: number,
  count: number,
): void {
  if (type === 'float32' && byteOffset % 4 === 0) into.set(new Float32Array(buffer, byteOffset, count), at);
  else if (type === 'int8') into.set(new Int8Array(buffer, byteOffset, count), at);
  else if (type === 'float64' && byteOffset % 8 === 0) into.set(new Float64Array(buffer, byteOffset, count), at);
  else {
    const bytes = BYTES[type];
    const view = new DataView(buffer, byteOffset, count * bytes);
    const read = READERS[type];
    for (let i = 0; i < count; i++) into[at + i] = read(view, i * bytes);
  }
}

/** Index of the first number that is NaN or infinite, or −1. */
export function firstNotFinite(values: Float32Array | Float64Array, start: number, stop: number): number {
  // x − x is 0 for finite x and NaN otherwise; four sums keep the adder busy
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let next = start;
  for (; next + 4 <= stop; next += 4) {
    a += values[next] - values[next];
    b += values[next + 1] - values[next + 1];
    c += values[next + 2] - values[next + 2];
    d += values[next + 3] - values[next + 3];
  }
  for (; next < stop; next++) a += values[next] - values[next];
  if (a + b + c + d === 0) return -1;
  for (let i = start; i < stop; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}
