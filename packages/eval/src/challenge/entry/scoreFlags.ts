/** @file What is odd about the scores of one submission, seen without labels. */

import { shortNumber } from './wording.js';

/** Names of what may be odd about a submission. */
export type FlagCode =
  | 'flipped'
  | 'reversed'
  | 'shifted'
  | 'hard-decisions'
  | 'few-distinct-values'
  | 'constant'
  | 'out-of-range'
  | 'logits'
  | 'duplicate'
  | 'rounded'
  /** no receipt that the organiser sealed lies beside the file: nobody vouches for its time */
  | 'no-receipt'
  /** the file is not what the receipt is of */
  | 'changed-after-receipt'
  /** after the deadline */
  | 'late'
  /** before the opening */
  | 'early'
  /** the name of the group looks like that of another one */
  | 'look-alike-name';

/** Something odd about a submission, with the numbers that show it; the submission itself is never changed. */
export interface Flag {
  readonly code: FlagCode;
  readonly evidence: string;
}

/** What the scores look like. */
export interface ScoreForm {
  readonly flags: readonly Flag[];
  readonly distinct: number;
}

/** Up to this many distinct scores a ROC curve is a handful of cuts. */
const FEW = 50;
/** Scores of both signs, this share of them below 0 and as many above 1, come from before the sigmoid. */
const LOGIT_SHARE = 0.01;
const MOST_DECIMALS = 4;

/**
 * Looks at the values alone: constant, hard decisions, few distinct values, outside [0, 1], logits, rounded.
 *
 * @param scores (n,) finite, n ≥ 1; not modified
 */
export function scoreForm(scores: Float32Array | Float64Array): ScoreForm {
  const jets = scores.length;
  const sorted = scores.slice().sort();
  const lowest = sorted[0];
  const highest = sorted[jets - 1];
  const values = distinctOf(sorted);
  const distinct = values.length;
  const flags: Flag[] = [];
  const add = (code: FlagCode, evidence: string): void => {
    flags.push({ code, evidence });
  };
  if (distinct === 1) add('constant', `all ${jets} scores are ${shortNumber(lowest)}`);
  else if (distinct === 2)
    add('hard-decisions', `${jets} scores are either ${shortNumber(lowest)} or ${shortNumber(highest)}`);
  else if (distinct <= Math.min(FEW, jets / 2))
    add(
      'few-distinct-values',
      `${distinct} distinct scores for ${jets} jets, from ${shortNumber(lowest)} to ${shortNumber(highest)}`,
    );
  if (lowest < 0 || highest > 1) {
    const below = passingBelow(sorted, 0);
    const above = jets - passingBelow(sorted, 1, true);
    add(
      'out-of-range',
      `${below} of ${jets} scores lie below 0, ${above} above 1: from ${shortNumber(lowest)} to ${shortNumber(highest)}`,
    );
    if (below >= LOGIT_SHARE * jets && above >= LOGIT_SHARE * jets)
      add(
        'logits',
        `scores of both signs from ${shortNumber(lowest)} to ${shortNumber(highest)}, as before a sigmoid or softmax`,
      );
  }
  if (distinct > 2 && distinct < jets) {
    const grid = gridOf(values);
    if (grid !== undefined) add('rounded', `every score is ${grid}: ${distinct} distinct scores for ${jets} jets`);
  }
  return { flags, distinct };
}

function distinctOf(sorted: Float32Array | Float64Array): Float64Array {
  const values = new Float64Array(sorted.length);
  let count = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) values[count++] = sorted[i];
  return values.subarray(0, count);
}

/** How many of the ascending numbers are < limit, or ≤ it where `inclusive`. */
function passingBelow(sorted: Float32Array | Float64Array, limit: number, inclusive = false): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (inclusive ? sorted[middle] <= limit : sorted[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The coarsest grid that all values lie on, in words. */
function gridOf(values: Float64Array): string | undefined {
  for (let decimals = 0; decimals <= MOST_DECIMALS; decimals++)
    if (values.every((value) => hasDecimals(value, 10 ** decimals)))
      return decimals === 0 ? 'a whole number' : `a multiple of ${10 ** -decimals} (${decimals} decimals)`;
  const single = Float32Array.from(values);
  if (!values.every((value, i) => single[i] === value)) return undefined;
  const bits = new Uint32Array(single.buffer);
  if (bits.every((pattern) => (pattern & 0xffff) === 0)) return 'a bfloat16 number (8 bits of precision)';
  if (values.every((value, i) => isFloat16(value, bits[i]))) return 'a float16 number (11 bits of precision)';
  return undefined;
}

/** Whether value × scale is whole, as far as float32 can tell. */
function hasDecimals(value: number, scale: number): boolean {
  const scaled = Math.abs(value * scale);
  return scaled < 1e6 && Math.abs(scaled - Math.round(scaled)) <= Math.max(1e-9, scaled * 2 ** -24);
}

/** With float16's precision; below its smallest normal number also on its coarser grid there. */
function isFloat16(value: number, float32Bits: number): boolean {
  return (float32Bits & 0x1fff) === 0 || (Math.abs(value) < 2 ** -14 && Number.isInteger(value * 2 ** 24));
}
