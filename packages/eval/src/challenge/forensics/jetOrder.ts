/** @file Finding out that scores belong to other jets: the order turned round, or moved by some rows. */
import { descendingOrder } from '../../core/sort.js';

/** How much better another order must agree, beyond what the best of many random orders would. */
const CLEARLY_BETTER = 0.1;
/** One false alarm in this many well-ordered submissions, at most. */
const FALSE_ALARM = 1e4;

/** The order in which scores agree with a reference. */
export interface OrderFinding {
  readonly code: 'reversed' | 'shifted';
  /** rank correlation with the reference in that order; below 0: the sign is turned as well */
  readonly correlation: number;
  /** rank correlation with the reference as sent */
  readonly asSent: number;
  /** rows by which the scores lie too late, from −n/2 to n/2; only with `shifted` */
  readonly shift?: number;
}

/**
 * Ranks with mean 0 and length 1, so that a scalar product of two is Spearman's correlation; equal scores share the
 * mean of their ranks. All zero where all scores are equal.
 *
 * @param scores (n,) finite; not modified
 */
export function standardisedRanks(scores: ArrayLike<number>): Float64Array {
  const n = scores.length;
  const order = descendingOrder(scores);
  const ranks = new Float64Array(n);
  let squares = 0;
  for (let start = 0; start < n; ) {
    let stop = start + 1;
    while (stop < n && scores[order[stop]] === scores[order[start]]) stop++;
    const rank = (n - start - stop) / 2;
    squares += (stop - start) * rank * rank;
    for (; start < stop; start++) ranks[order[start]] = rank;
  }
  return scaled(ranks, squares);
}

/** Any numbers with mean 0 and length 1; all zero where they are all equal. Not modified. */
export function standardised(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const centred = Float64Array.from({ length: n }, (_, i) => values[i] - sum / n);
  return scaled(centred, scalarProduct(centred, centred));
}

/** Σ a·b. */
export function scalarProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * Looks for an order of the scores that agrees clearly better with a reference than the one sent: turned round, or
 * moved by any number of rows with the end put first.
 *
 * @param ranks (n,) standardised; not modified
 * @param reference (n,) standardised, in the right order; not modified
 */
export function findOrder(ranks: Float64Array, reference: Float64Array): OrderFinding | undefined {
  const n = ranks.length;
  const asSent = scalarProduct(ranks, reference);
  const needed = (orders: number): number =>
    Math.abs(asSent) + CLEARLY_BETTER + Math.sqrt((2 * Math.log(FALSE_ALARM * orders)) / n);
  let correlation = 0;
  for (let i = 0; i < n; i++) correlation += ranks[n - 1 - i] * reference[i];
  if (Math.abs(correlation) > needed(1)) return { code: 'reversed', correlation, asSent };
  if (needed(n) >= 1) return undefined;
  const moved = circularCorrelation(ranks, reference);
  let shift = 0;
  for (let k = 1; k < n; k++) if (Math.abs(moved[k]) > Math.abs(moved[shift])) shift = k;
  if (shift === 0 || Math.abs(moved[shift]) <= needed(n)) return undefined;
  return { code: 'shifted', correlation: moved[shift], asSent, shift: shift > n / 2 ? shift - n : shift };
}

function scaled(values: Float64Array, squares: number): Float64Array {
  const length = Math.sqrt(squares);
  for (let i = 0; i < values.length; i++) values[i] = length > 0 ? values[i] / length : 0;
  return values;
}

/** Σ_i a[(i + k) mod n] b[i] for every k, by one complex Fourier transform there and one back. */
function circularCorrelation(a: Float64Array, b: Float64Array): Float64Array {
  const n = a.length;
  const size = 2 ** Math.ceil(Math.log2(2 * n));
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  re.set(a);
  im.set(b);
  fourier(re, im);
  // the transforms A and B of two real series, parted by symmetry from that of a + ib, then A · conj(B)
  for (let k = 0; k <= size / 2; k++) {
    const m = (size - k) % size;
    const aRe = (re[k] + re[m]) / 2;
    const aIm = (im[k] - im[m]) / 2;
    const bRe = (im[k] + im[m]) / 2;
    const bIm = (re[m] - re[k]) / 2;
    re[k] = aRe * bRe + aIm * bIm;
    im[k] = aIm * bRe - aRe * bIm;
    re[m] = re[k];
    im[m] = -im[k];
  }
  // the result is real: the inverse is the forward transform of the conjugate
  for (let k = 0; k < size; k++) im[k] = -im[k];
  fourier(re, im);
  const result = new Float64Array(n);
  for (let k = 0; k < n; k++) result[k] = (re[k] + (k === 0 ? 0 : re[size - n + k])) / size;
  return result;
}

/** Radix-2 Fourier transform in place; the length is a power of two. */
function fourier(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    [re[i], re[j]] = [re[j], re[i]];
    [im[i], im[j]] = [im[j], im[i]];
  }
  const cos = new Float64Array(size / 2);
  const sin = new Float64Array(size / 2);
  for (let k = 0; k < size / 2; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / size);
    sin[k] = -Math.sin((2 * Math.PI * k) / size);
  }
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (2 * half);
    for (let block = 0; block < size; block += 2 * half) {
      for (let k = 0; k < half; k++) {
        const low = block + k;
        const high = low + half;
        const c = cos[k * stride];
        const s = sin[k * stride];
        const tRe = re[high] * c - im[high] * s;
        const tIm = re[high] * s + im[high] * c;
        re[high] = re[low] - tRe;
        im[high] = im[low] - tIm;
        re[low] += tRe;
        im[low] += tIm;
      }
    }
  }
}
