/** @file IEEE 754 half precision, which JavaScript of today's engines has no type for. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bits of the half nearest to a number that is first rounded to float32; ties to even, beyond 65,504 infinite. */
export function halfBits(value: number): number {
  float[0] = value;
  const pattern = bits[0];
  const sign = (pattern >>> 16) & 0x8000;
  const magnitude = pattern & 0x7fffffff;
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

/** The number that the bits of a half stand for. */
export function halfValue(pattern: number): number {
  const sign = pattern & 0x8000 ? -1 : 1;
  const exponent = (pattern >>> 10) & 31;
  const fraction = pattern & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** @returns bit patterns of halves */
export function toHalf(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = halfBits(values[i]);
  return out;
}

/** @param patterns bits of halves */
export function fromHalf(patterns: Uint16Array): Float32Array {
  const out = new Float32Array(patterns.length);
  for (let i = 0; i < patterns.length; i++) out[i] = halfValue(patterns[i]);
  return out;
}
