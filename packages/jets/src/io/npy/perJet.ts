/** @file Labels and scores of NumPy arrays. */
import { JetError } from '../../errors.js';
import { binaryLabels, finiteScores, type NumberArray, onePerJet } from '../../source/perJet.js';
import type { NpyArray } from './npy.js';

/**
 * Labels from an array of any numeric type.
 *
 * @returns (n,) 0 = background, 1 = signal
 * @throws {JetError} BAD_DATASET if one is neither 0 nor 1; SHAPE_MISMATCH if it is not one number a jet
 */
export function labelsOf(array: NpyArray, name = 'labels'): Uint8Array {
  return binaryLabels(onePerJet(numbersOf(array, name), name), name);
}

/**
 * Scores from an array of any numeric type.
 *
 * @returns (n,) the array's own memory where it holds float32 or float64
 * @throws {JetError} BAD_DATASET for strings; SHAPE_MISMATCH if it is not one number a jet; NOT_FINITE
 */
export function scoresOf(array: NpyArray, name = 'scores'): Float32Array | Float64Array {
  return finiteScores(onePerJet(numbersOf(array, name), name), name);
}

/** The strings of an array of strings, as a column has them. */
export function textsOf({ dtype, data }: NpyArray): { texts?: () => readonly string[] } {
  return dtype === 'string' || dtype === 'bytes' ? { texts: () => data } : {};
}

/** @throws {JetError} BAD_DATASET for strings */
export function numbersOf({ dtype, shape, data }: NpyArray, name: string): NumberArray {
  if (dtype === 'string' || dtype === 'bytes')
    throw new JetError('BAD_DATASET', `${name}: ${data.length} strings; expected numbers`, { dtype });
  return { shape, data };
}
