/** @file Samples of showers or jets as rows of features, checked in one place. */
import { JetError, quoted } from '@jetsdk/jets';
import { checkArray, checkFinite, checkRange } from '../core/inputs.js';

/** One row per shower or jet, one column per feature. */
export interface Sample {
  readonly shape: readonly number[];
  /** (rows · features,) row-major, finite */
  readonly data: ArrayLike<number>;
}

/** A sample after its check, in float64. */
export interface Rows {
  readonly rows: number;
  readonly features: number;
  readonly data: Float64Array;
}

/**
 * @param least rows that are needed
 * @throws {JetError} BAD_ARGUMENT for what is no table; SHAPE_MISMATCH; NOT_FINITE; DEGENERATE_METRIC for too few rows
 */
export function rowsOfSample(where: string, what: string, sample: Sample, least = 2): Rows {
  if (typeof sample !== 'object' || sample === null || !Array.isArray(sample.shape))
    throw new JetError(
      'BAD_ARGUMENT',
      `${where}: ${what}, got ${quoted(sample)}; expected { shape: [rows, features], data }`,
    );
  checkArray(where, `${what}.data`, sample.data);
  const [rows, features = 0] = sample.shape;
  if (sample.shape.length !== 2 || !(features >= 1) || sample.data.length !== rows * features)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: ${sample.data.length} numbers of shape (${sample.shape.join(', ')}) in ${what}; expected (rows, features)`,
      { shape: sample.shape },
    );
  checkFinite(where, `${what}, number`, sample.data);
  if (rows < least)
    throw new JetError('DEGENERATE_METRIC', `${where}: ${rows} rows in ${what}; expected ${least} or more`, {
      rows,
      least,
    });
  return { rows, features, data: Float64Array.from(sample.data) };
}

/**
 * Two samples of the same features, each column divided by its scale.
 *
 * @throws {JetError} as `rowsOfSample`; SHAPE_MISMATCH for other numbers of features or scales; OUT_OF_RANGE for a scale of 0
 *   or less
 */
export function scaledPair(
  where: string,
  real: Sample,
  generated: Sample,
  { scale }: ScaleOptions,
): { readonly real: Rows; readonly generated: Rows } {
  const pair = rawPair(where, real, generated);
  const { features } = pair.real;
  const divisors = scale ?? largestOf(pair.real);
  if (divisors.length !== features)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: ${divisors.length} scales for ${features} features; expected one of each`,
      {
        scales: divisors.length,
        features,
      },
    );
  for (let k = 0; k < features; k++) checkRange(where, `scale ${k}`, divisors[k], 0, Number.MAX_VALUE, true);
  for (const { data } of [pair.real, pair.generated])
    for (let i = 0; i < data.length; i++) data[i] /= divisors[i % features];
  return pair;
}

/** What columns are divided by. */
export interface ScaleOptions {
  /** (features,) above 0; default: the largest absolute value of each column of the real sample */
  readonly scale?: ArrayLike<number> | undefined;
}

/** Of each column; a column of zeros has the scale 1. */
function largestOf({ features, data }: Rows): Float64Array {
  const largest = new Float64Array(features);
  for (let i = 0; i < data.length; i++) largest[i % features] = Math.max(largest[i % features], Math.abs(data[i]));
  return largest.map((value) => (value === 0 ? 1 : value));
}

/**
 * Two samples of the same features.
 *
 * @throws {JetError} as `rowsOfSample`; SHAPE_MISMATCH for other numbers of features
 */
export function rawPair(
  where: string,
  real: Sample,
  generated: Sample,
  least = 2,
): { readonly real: Rows; readonly generated: Rows } {
  const pair = {
    real: rowsOfSample(where, 'real', real, least),
    generated: rowsOfSample(where, 'generated', generated, least),
  };
  if (pair.real.features !== pair.generated.features)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: ${pair.real.features} features in real, ${pair.generated.features} in generated; expected the same`,
      { real: pair.real.features, generated: pair.generated.features },
    );
  return pair;
}

/** Some rows, copied. */
export function pickRows({ features, data }: Rows, picked: ArrayLike<number>): Rows {
  const part = new Float64Array(picked.length * features);
  for (let i = 0; i < picked.length; i++)
    part.set(data.subarray(picked[i] * features, (picked[i] + 1) * features), i * features);
  return { rows: picked.length, features, data: part };
}
