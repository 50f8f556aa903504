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
 * Labels from an array of any numeric type.
 *
 * @returns (n,) 0 = background, 1 = signal
 * @throws {JetError} BAD_DATASET if one is neither 0 nor 1; SHAPE_MISMATCH if it is not one number a jet
 */
export function labelsOf(array: NpyArray, name = 'labels'): Uint8Array {
  const { dtype, data } = array;
  if (dtype === 'string' || dtype === 'bytes')
    throw new JetError(
      'BAD_DATASET',
      `${name}: ${data.length} strings; expected the numbers 0 (background) and 1 (signal)`,
      { dtype },
    );
  return binaryLabels(onePerJet(array, name).data as ArrayLike<number | bigint>, name);
}

/**
 * Scores from an array of any numeric type.
 *
 * @returns (n,) the array's own memory where it holds float32 or float64
 * @throws {JetError} BAD_DATASET for strings; SHAPE_MISMATCH if it is not one number a jet; NOT_FINITE
 */
export function scoresOf(array: NpyArray, name = 'scores'): Float32Array | Float64Array {
  const { dtype, data } = onePerJet(array, name);
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
