/** @file Half precision as ONNX Runtime takes it: 16-bit patterns. */

const float = new Float32Array(1);
const pattern = new Uint32Array(float.buffer);

/**
 * Rounds to nearest, ties to even; beyond 65504 gives infinity.
 *
 * @returns IEEE 754 binary16 patterns
 */
export function toHalf(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    float[0] = values[i];
    const bits = pattern[0];
    const sign = (bits >>> 16) & 0x8000;
    const magnitude = bits & 0x7fffffff;
    if (magnitude >= 0x7f800000) out[i] = sign | 0x7c00 | (magnitude > 0x7f800000 ? 0x200 : 0);
    else if (magnitude < 0x38800000) {
      // below 2⁻¹⁴ the pattern is a multiple of 2⁻²⁴; both factors are exact
      const steps = Math.abs(values[i]) * 2 ** 24;
      const floor = Math.floor(steps);
      const rest = steps - floor;
      out[i] = sign | (floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0));
    } else {
      const shifted = magnitude - 0x38000000;
      const rounded = (shifted + 0xfff + ((shifted >>> 13) & 1)) >>> 13;
      out[i] = sign | Math.min(rounded, 0x7c00);
    }
  }
  return out;
}

/** @param patterns IEEE 754 binary16 */
export function fromHalf(patterns: Uint16Array): Float32Array {
  const out = new Float32Array(patterns.length);
  for (let i = 0; i < patterns.length; i++) {
    const bits = patterns[i];
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) out[i] = fraction === 0 ? sign * Infinity : NaN;
    else if (exponent === 0) out[i] = sign * fraction * 2 ** -24;
    else out[i] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return out;
}
