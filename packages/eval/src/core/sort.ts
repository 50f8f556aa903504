/** @file Sorting scores by their bits: linear time, no comparisons. */

const DIGIT = 0x7ff;

/** Maps the bits of a float32 to an unsigned integer that falls as the number rises. */
function fallingKey(bits: number): number {
  return (bits < 0 ? bits : bits ^ 0x7fffffff) >>> 0;
}

/** The inverse; −0, whose key follows that of 0, becomes 0. */
function scoreBits(key: number): number {
  if (key < 0x80000000) return key ^ 0x7fffffff;
  return key === 0x80000000 ? 0 : key;
}

/** Scores of the two classes, each in descending order. */
export interface SortedClasses<T extends Float32Array | Float64Array> {
  readonly signal: T;
  readonly background: T;
}

/**
 * Parts the scores by label and sorts both parts in descending order: three passes of 11 bits, the first of which
 * reads the input, so that nothing but the result and one scratch array of the larger class is allocated.
 *
 * @param labels (n,) 0 or 1, checked; not modified
 * @param scores (n,) finite, checked; not modified
 */
export function sortFloat32ByClass(
  labels: ArrayLike<number>,
  scores: Float32Array,
  signal: number,
): SortedClasses<Float32Array> {
  const n = scores.length;
  const bits = new Int32Array(scores.buffer, scores.byteOffset, n);
  // [class][pass][digit]; class 1 = signal, which lies first
  const counts = new Uint32Array(2 * 3 * 2048);
  for (let i = 0; i < n; i++) {
    const key = fallingKey(bits[i]);
    const base = labels[i] * 6144;
    counts[base + (key & DIGIT)]++;
    counts[base + 2048 + ((key >>> 11) & DIGIT)]++;
    counts[base + 4096 + (key >>> 22)]++;
  }
  const start = [signal, 0];
  for (let c = 0; c < 2; c++) {
    for (let pass = 0; pass < 3; pass++) {
      let sum = pass === 1 ? 0 : start[c];
      for (let d = 0, at = c * 6144 + pass * 2048; d < 2048; d++, at++) {
        const held = counts[at];
        counts[at] = sum;
        sum += held;
      }
    }
  }
  const keys = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const key = fallingKey(bits[i]);
    keys[counts[labels[i] * 6144 + (key & DIGIT)]++] = key;
  }
  const scratch = new Uint32Array(Math.max(signal, n - signal));
  for (let c = 0; c < 2; c++) {
    const first = start[c];
    const length = c === 1 ? signal : n - signal;
    const middle = c * 6144 + 2048;
    const last = middle + 2048;
    for (let i = first; i < first + length; i++) {
      const key = keys[i];
      scratch[counts[middle + ((key >>> 11) & DIGIT)]++] = key;
    }
    for (let i = 0; i < length; i++) {
      const key = scratch[i];
      keys[counts[last + (key >>> 22)]++] = scoreBits(key);
    }
  }
  const sorted = new Float32Array(keys.buffer);
  return { signal: sorted.subarray(0, signal), background: sorted.subarray(signal) };
}

/**
 * Parts the scores by label and sorts both parts in descending order, in float64; −0 becomes 0.
 *
 * @param labels (n,) 0 or 1, checked; not modified
 * @param scores (n,) finite, checked; not modified
 */
export function sortFloat64ByClass(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  signal: number,
): SortedClasses<Float64Array> {
  const parts = [new Float64Array(scores.length - signal), new Float64Array(signal)];
  const next = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    const c = labels[i];
    parts[c][next[c]++] = scores[i] + 0;
  }
  return { signal: parts[1].sort().reverse(), background: parts[0].sort().reverse() };
}

/**
 * The order of the scores: `scores[order[0]]` is the highest; equal scores keep the order of the input.
 *
 * @param scores (n,) finite; not modified
 * @returns (n,) indices
 */
export function descendingOrder(scores: ArrayLike<number>): Uint32Array {
  const n = scores.length;
  const values = new Float64Array(n);
  // adding 0 turns −0, whose bits would sort apart, into 0
  for (let i = 0; i < n; i++) values[i] = scores[i] + 0;
  const halves = new Uint16Array(values.buffer);
  const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  const part = (p: number): number => (littleEndian ? p : 3 - p);
  const sign = part(3);
  for (let i = 0; i < n; i++) {
    if (halves[4 * i + sign] >= 0x8000) continue;
    for (let p = 0; p < 4; p++) halves[4 * i + p] ^= 0xffff;
    halves[4 * i + sign] ^= 0x8000;
  }
  let order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  let other = new Uint32Array(n);
  const counts = new Uint32Array(0x10000);
  for (let p = 0; p < 4; p++) {
    const offset = part(p);
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[halves[4 * i + offset]]++;
    if (n > 0 && counts[halves[offset]] === n) continue;
    let sum = 0;
    for (let d = 0; d < 0x10000; d++) {
      const held = counts[d];
      counts[d] = sum;
      sum += held;
    }
    for (let i = 0; i < n; i++) other[counts[halves[4 * order[i] + offset]]++] = order[i];
    [order, other] = [other, order];
  }
  return order;
}
