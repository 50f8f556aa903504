/** @file Between what numbers the inputs of a network lie: recorded in training, held against what is scored. */
import { type Check, finite, object, satisfies } from './json.js';
import { sizeOf, type Tensor } from './tensor.js';

/** Of pixels, or of the energies of constituents; jets of zeros alone do not count. */
export interface InputRange {
  readonly least: number;
  /** the least and the greatest of what is largest in a jet: its hottest pixel, or its hardest constituent */
  readonly peak: readonly [least: number, greatest: number];
}

/** Checks a range that came from outside. */
export const parseInputRange: Check<InputRange> = object(
  {
    least: finite,
    peak: satisfies(
      'two numbers, the least and the greatest',
      (value): value is InputRange['peak'] =>
        Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] <= value[1],
    ),
  },
  'kept',
);

/**
 * The least and the greatest number of each jet.
 *
 * @param inputs (jets, height, width, channels), or (jets, constituents, 4) with the energy first
 * @returns (jets, 2)
 */
export function jetExtremes({ shape, data }: Tensor): Float32Array {
  const size = sizeOf(shape.slice(1));
  const step = numbersPerValue(shape);
  const extremes = new Float32Array(2 * shape[0]);
  for (let jet = 0; jet < shape[0]; jet++) {
    let low = data[jet * size];
    let high = low;
    for (let at = jet * size; at < (jet + 1) * size; at += step) {
      const value = data[at];
      if (value < low) low = value;
      else if (value > high) high = value;
    }
    extremes[2 * jet] = low;
    extremes[2 * jet + 1] = high;
  }
  return extremes;
}

/**
 * The range of jets whose extremes are known.
 *
 * @param extremes (jets, 2) as `jetExtremes` has them; not modified
 * @param rows numbers of the jets that count; default: all
 * @returns undefined if all jets are empty
 */
export function rangeOfExtremes(extremes: Float32Array, rows?: ArrayLike<number>): InputRange | undefined {
  let least = Number.POSITIVE_INFINITY;
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const jets = rows?.length ?? extremes.length / 2;
  for (let i = 0; i < jets; i++) {
    const jet = rows === undefined ? i : rows[i];
    const [low, high] = [extremes[2 * jet], extremes[2 * jet + 1]];
    if (low === 0 && high === 0) continue;
    if (low < least) least = low;
    if (high < lowest) lowest = high;
    if (high > highest) highest = high;
  }
  return highest < lowest ? undefined : { least, peak: [lowest, highest] };
}

/**
 * The range of some inputs.
 *
 * @param inputs (jets, height, width, channels), or (jets, constituents, 4) with the energy first
 * @returns undefined if all jets are empty
 */
export function inputRange(inputs: Tensor): InputRange | undefined {
  return rangeOfExtremes(jetExtremes(inputs));
}

/** Both ranges in one. */
export function joinRanges(a: InputRange | undefined, b: InputRange | undefined): InputRange | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    least: Math.min(a.least, b.least),
    peak: [Math.min(a.peak[0], b.peak[0]), Math.max(a.peak[1], b.peak[1])],
  };
}

/** Of a constituent only the energy counts; a particle without has no momentum. */
const numbersPerValue = (shape: readonly number[]): number => (shape.length === 3 ? 4 : 1);
