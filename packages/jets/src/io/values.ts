/** @file Labels and scores: one number a jet. */
import { JetError } from '../errors.js';
import { firstNotFinite } from './bytes/numbers.js';
import type { NpyArray } from './npy/npy.js';

/** Names under which files hold labels, the first one found counts. */
export const LABEL_NAMES = ['labels', 'label', 'y', 'is_signal_new', 'is_signal'];

/**
 * The labels 0 and 1 of a column of any numeric type.
 *
 * @param first index of the first one in its file, for the message
 * @throws {JetError} BAD_DATASET if one is neither 0 nor 1
 */
export function binaryLabels(values: ArrayLike<number | bigint>, name: string, first = 0): Uint8Array {
  const labels = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (value !== 0 && value !== 1)
      throw new JetError(
        'BAD_DATASET',
        `${name}: label ${first + i} is ${values[i]}; expected 0 (background) or 1 (signal); map the classes to 0 and 1`,
        { index: first + i, value },
      );
    labels[i] = value;
  }
  return labels;
}

/**
 * The class numbers of a column of any numeric type.
 *
 * @throws {JetError} BAD_DATASET if one is no whole number from 0 to 65,535
 */
export function classNumbers(values: ArrayLike<number | bigint>, name: string): Uint16Array {
  return Uint16Array.from({ length: values.length }, (_, i) => {
    const value = Number(values[i]);
    if (Number.isInteger(value) && value >= 0 && value < 65_536) return value;
    throw new JetError(
      'BAD_DATASET',
      `${name}: label ${i} is ${values[i]}; expected the number of a class, 0, 1, 2, …; number the classes from 0`,
      { index: i, value },
    );
  });
}

/**
 * Labels from an array of any numeric type.
 *
 * @returns (n,) 0 = background, 1 = signal
 * @throws {JetError} BAD_DATASET if one is neither 0 nor 1; SHAPE_MISMATCH if it is not one number a jet
 */
export function labelsOf(array: NpyArray, name = 'labels'): Uint8Array {
  return binaryLabels(labelNumbers(array, name), name);
}

/**
 * The numbers of an array of labels, one per jet.
 *
 * @throws {JetError} BAD_DATASET for strings; SHAPE_MISMATCH if it is not one number per jet
 */
export function labelNumbers(array: NpyArray, name: string): ArrayLike<number | bigint> {
  const { dtype, data } = array;
  if (dtype === 'string' || dtype === 'bytes')
    throw new JetError(
      'BAD_DATASET',
      `${name}: ${data.length} strings; expected numbers, 0 (background) and 1 (signal) for two classes`,
      { dtype },
    );
  return onePerJet(array, name).data as ArrayLike<number | bigint>;
}

/**
 * Scores from an array of any numeric type.
 *
 * @returns (n,) the array's own memory where it holds float32 or float64
 * @throws {JetError} BAD_DATASET for strings; SHAPE_MISMATCH if it is not one number a jet; NOT_FINITE
 */
export function scoresOf(array: NpyArray, name = 'scores'): Float32Array | Float64Array {
  return finiteScores(onePerJet(array, name), name);
}

/**
 * Scores of one class or several from an array of any numeric type.
 *
 * @returns shape (n, classes), row-major; (n, 1) where there is one score per jet
 * @throws {JetError} as `scoresOf`; SHAPE_MISMATCH for more than two dimensions
 */
export function scoreTableOf(array: NpyArray, name = 'scores'): ScoreTable {
  const { shape } = array;
  const [jets, classes = 1] = shape;
  if (jets === undefined || shape.length > 2)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${name}: shape (${shape.join(', ')}); expected (jets) or (jets, classes); save a table of scores`,
      { shape },
    );
  return { shape: [jets, classes], data: finiteScores(array, name) };
}

/** Scores (n, classes), row-major. */
export interface ScoreTable {
  readonly shape: readonly [jets: number, classes: number];
  readonly data: Float32Array | Float64Array;
}

function finiteScores({ dtype, data }: NpyArray, name: string): Float32Array | Float64Array {
  if (dtype === 'string' || dtype === 'bytes')
    throw new JetError('BAD_DATASET', `${name}: ${data.length} strings; expected numbers`, { dtype });
  const scores =
    data instanceof Float32Array || data instanceof Float64Array
      ? data
      : Float64Array.from(data as ArrayLike<number | bigint>, Number);
  const bad = firstNotFinite(scores, 0, scores.length);
  if (bad >= 0)
    throw new JetError(
      'NOT_FINITE',
      `${name}: score ${bad} is ${scores[bad]}; expected finite numbers; score that jet again`,
      {
        index: bad,
        value: scores[bad],
      },
    );
  return scores;
}

function onePerJet(array: NpyArray, name: string): NpyArray {
  const { shape } = array;
  if (shape.length === 0 || shape.slice(1).some((length) => length !== 1))
    throw new JetError(
      'SHAPE_MISMATCH',
      `${name}: shape (${shape.join(', ')}); expected one number a jet, (n) or (n, 1); save one column`,
      {
        shape,
      },
    );
  return array;
}
