/** @file Between what numbers the inputs of a network lie: recorded in training, held against what is scored. */
import { type Check, finite, object, optional, satisfies } from './json.js';
import { sizeOf, type Tensor } from './tensor.js';

/** Of pixels, or of the energies of constituents; jets of zeros alone do not count. */
export interface InputRange {
  readonly least: number;
  /** the least and the greatest of what is largest in a jet: its hottest pixel, or its hardest constituent */
  readonly peak: readonly [least: number, greatest: number];
  /** the least and the greatest sum of a jet: of its pixels, or of the energies of its constituents */
  readonly sum?: readonly [least: number, greatest: number];
}

const ends = satisfies(
  'two numbers, the least and the greatest',
  (value): value is InputRange['peak'] =>
    Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] <= value[1],
);

/** Checks a range that came from outside. */
export const parseInputRange: Check<InputRange> = object({ least: finite, peak: ends, sum: optional(ends) }, 'kept');

/** Numbers that are kept of each jet: the least, the greatest and the sum. */
export const EXTENT_SIZE = 3;

/**
 * The least and the greatest number of each jet, and their sum.
 *
 * @param inputs (jets, height, width, channels), or (jets, constituents, 4) with the energy first
 * @returns (jets, 3)
 */
export function jetExtents({ shape, data }: Tensor): Float32Array {
  const size = sizeOf(shape.slice(1));
  const step = numbersPerValue(shape);
  const extents = new Float32Array(EXTENT_SIZE * shape[0]);
  for (let jet = 0; jet < shape[0]; jet++) {
    let low = data[jet * size];
    let high = low;
    let sum = 0;
    for (let at = jet * size; at < (jet + 1) * size; at += step) {
      const value = data[at];
      sum += value;
      if (value < low) low = value;
      else if (value > high) high = value;
    }
    extents[EXTENT_SIZE * jet] = low;
    extents[EXTENT_SIZE * jet + 1] = high;
    extents[EXTENT_SIZE * jet + 2] = sum;
  }
  return extents;
}

/**
 * The range of jets whose extents are known.
 *
 * @param extents (jets, 3) as `jetExtents` has them; not modified
 * @param rows numbers of the jets that count; default: all
 * @returns undefined if all jets are empty
 */
export function rangeOfExtents(extents: Float32Array, rows?: ArrayLike<number>): InputRange | undefined {
  let least = Number.POSITIVE_INFINITY;
  const peak: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const sums: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const jets = rows?.length ?? extents.length / EXTENT_SIZE;
  for (let i = 0; i < jets; i++) {
    const at = EXTENT_SIZE * (rows === undefined ? i : rows[i]);
    const [low, high, sum] = [extents[at], extents[at + 1], extents[at + 2]];
    if (low === 0 && high === 0) continue;
    if (low < least) least = low;
    if (high < peak[0]) peak[0] = high;
    if (high > peak[1]) peak[1] = high;
    if (sum < sums[0]) sums[0] = sum;
    if (sum > sums[1]) sums[1] = sum;
  }
  return peak[1] < peak[0] ? undefined : { least, peak, sum: sums };
}

/**
 * The range of some inputs.
 *
 * @param inputs (jets, height, width, channels), or (jets, constituents, 4) with the energy first
 * @returns undefined if all jets are empty
 */
export function inputRange(inputs: Tensor): InputRange | undefined {
  return rangeOfExtents(jetExtents(inputs));
}

/** Both ranges in one. */
export function joinRanges(a: InputRange | undefined, b: InputRange | undefined): InputRange | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const sum = a.sum && b.sum && joinEnds(a.sum, b.sum);
  return { least: Math.min(a.least, b.least), peak: joinEnds(a.peak, b.peak), ...(sum && { sum }) };
}

/** The least and the greatest of both. */
export function joinEnds(a: readonly [number, number], b: readonly [number, number]): [number, number] {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/** Of a constituent only the energy counts; a particle without has no momentum. */
const numbersPerValue = (shape: readonly number[]): number => (shape.length === 3 ? 4 : 1);
