/** @file Numbers as files store them: little-endian, of any width, possibly unaligned. */
import type { H5Scalar } from '../hdf5/h5.js';

export type NumberType = Exclude<H5Scalar, 'string' | 'other'>;

const BYTES: Readonly<Record<NumberType, number>> = {
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
};

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
  float16: (view, byte) => float16(view.getUint16(byte, true)),
  float32: (view, byte) => view.getFloat32(byte, true),
  float64: (view, byte) => view.getFloat64(byte, true),
};

export const isNumberType = (type: string): type is NumberType => type in BYTES;

/** Bytes of one number. */
export const bytesOf = (type: NumberType): number => BYTES[type];

/** The value of a half-precision number given by its bits. */
export function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

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

const float32Bits = new Uint32Array(1);
const float32Value = new Float32Array(float32Bits.buffer);

/** The bits of the half-precision number nearest to a float32, ties to even. */
export function toFloat16(value: number): number {
  float32Value[0] = value;
  const bits = float32Bits[0];
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  const exponent = (magnitude >>> 23) - 112;
  if (exponent >= 1) {
    const kept = magnitude - (112 << 23);
    return sign | ((kept + 0xfff + ((kept >>> 13) & 1)) >>> 13);
  }
  if (exponent < -10) return sign;
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const shift = 14 - exponent;
  const half = (1 << (shift - 1)) - 1;
  return sign | ((fraction + half + ((fraction >>> shift) & 1)) >>> shift);
}
