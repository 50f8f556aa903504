/** @file Labels and scores: one number per jet. */
import { JetError } from '../errors.js';
import { firstNotFinite } from '../io/bytes/numbers.js';
import { quoted, shortText } from '../quoted.js';

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
        `${name}: label ${first + i} is ${values[i]}; expected 0 (background) or 1 (signal); say which label is signal with the option signal`,
        { index: first + i, value },
      );
    labels[i] = value;
  }
  return labels;
}

/** Classes that jets of a file may have. */
export const MAX_CLASSES = 255;

/**
 * Labels that are 1 for one value of a column, and 0 for all others.
 *
 * @param signal a number; of one-hot labels (n, k) the column of the signal, from 0
 * @throws {JetError} BAD_DATASET if no label is the signal, or a row is not one-hot; SHAPE_MISMATCH
 */
export function labelsOfSignal(array: NumberArray, signal: string, name: string): Uint8Array {
  const { shape } = array;
  if (!isOneHot(shape)) return chosen(Array.from(onePerJet(array, name), Number), Number(signal), signal, name);
  const column = Number(signal);
  if (!Number.isInteger(column) || column < 0 || column >= shape[1])
    throw new JetError(
      'BAD_DATASET',
      `${name}: one-hot labels of shape (${shape.join(', ')}), signal ${signal}; expected the column of the signal, 0 to ${shape[1] - 1}`,
      { signal },
    );
  return oneHotClasses(array, name).map((label) => (label === column ? 1 : 0));
}

const isOneHot = (shape: readonly number[]): boolean => shape.length === 2 && shape[1] > 1;

/** The number of the column that holds the 1 of each row. */
function oneHotClasses({ shape, data }: NumberArray, name: string, first = 0): Uint8Array {
  const [count, width] = shape;
  if (width > MAX_CLASSES)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${name}: one-hot labels of shape (${shape.join(', ')}); expected at most ${MAX_CLASSES} classes; merge some`,
      { shape },
    );
  const classes = new Uint8Array(count);
  for (let jet = 0; jet < count; jet++) {
    let ones = 0;
    let others = 0;
    for (let i = 0; i < width; i++) {
      const value = Number(data[jet * width + i]);
      if (value === 1) {
        ones++;
        classes[jet] = i;
      } else if (value !== 0) others++;
    }
    if (ones !== 1 || others > 0) {
      const row = Array.from({ length: Math.min(8, width) }, (_, i) => data[jet * width + i]).join(', ');
      throw new JetError(
        'BAD_DATASET',
        `${name}: label ${first + jet} is (${row}${width > 8 ? ', …' : ''}); expected one 1, and 0 elsewhere; number the classes instead`,
        { index: first + jet },
      );
    }
  }
  return classes;
}

/** The same of names of classes. */
export const labelsOfName = (texts: readonly string[], signal: string, name: string): Uint8Array =>
  chosen(texts, signal, signal, name);

function chosen<T extends string | number>(values: readonly T[], signal: T, asked: string, name: string): Uint8Array {
  const labels = Uint8Array.from(values, (value) => (value === signal ? 1 : 0));
  if (!labels.includes(1) && labels.length > 0)
    throw new JetError(
      'BAD_DATASET',
      `${name}: no label is ${quoted(asked)}; expected one of ${[...new Set(values)]
        .slice(0, 8)
        .map(String)
        .map((one) => shortText(one))
        .join(', ')}; name another one with the option signal`,
      { signal: asked },
    );
  return labels;
}

/**
 * The class numbers of a column of any numeric type, or of one-hot labels (n, k).
 *
 * @param first index of the first one in its file, for the message
 * @throws {JetError} BAD_DATASET if one is no whole number from 0 to 254, or a row is not one-hot; SHAPE_MISMATCH
 */
export function classNumbers(array: NumberArray, name: string, first = 0): Uint8Array {
  if (isOneHot(array.shape)) return oneHotClasses(array, name, first);
  const values = onePerJet(array, name);
  return Uint8Array.from({ length: values.length }, (_, i) => {
    const value = Number(values[i]);
    if (Number.isInteger(value) && value >= 0 && value < MAX_CLASSES) return value;
    throw new JetError(
      'BAD_DATASET',
      `${name}: label ${first + i} is ${values[i]}; expected the number of a class, 0, 1, 2, … up to ${MAX_CLASSES - 1}; number the classes from 0`,
      { index: first + i, value },
    );
  });
}

/**
 * Numbers of jets, all of them finite.
 *
 * @param what one is called, for the message
 * @returns (n,) the array's own memory where it holds float32 or float64
 * @throws {JetError} NOT_FINITE
 */
export function finiteScores(
  values: ArrayLike<number | bigint>,
  name: string,
  what = 'score',
): Float32Array | Float64Array {
  const scores =
    values instanceof Float32Array || values instanceof Float64Array ? values : Float64Array.from(values, Number);
  const bad = firstNotFinite(scores, 0, scores.length);
  if (bad >= 0)
    throw new JetError(
      'NOT_FINITE',
      `${name}: ${what} ${bad} is ${scores[bad]}; expected finite numbers; ${what === 'score' ? 'score that jet again' : 'correct it, or leave that row out'}`,
      { index: bad, value: scores[bad] },
    );
  return scores;
}

/** Numbers as a file has them. */
export interface NumberArray {
  readonly shape: readonly number[];
  /** row-major */
  readonly data: ArrayLike<number | bigint>;
}

/** Scores (n, classes), row-major. */
export interface ScoreTable {
  readonly shape: readonly [jets: number, classes: number];
  readonly data: Float32Array | Float64Array;
}

/**
 * Scores of one class or several.
 *
 * @returns shape (n, classes); (n, 1) where there is one score per jet
 * @throws {JetError} SHAPE_MISMATCH for more than two dimensions; NOT_FINITE
 */
export function scoreTable({ shape, data }: NumberArray, name: string): ScoreTable {
  const [jets, classes = 1] = shape;
  if (jets === undefined || shape.length > 2)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${name}: shape (${shape.join(', ')}); expected (jets) or (jets, classes); save a table of scores`,
      { shape },
    );
  return { shape: [jets, classes], data: finiteScores(data, name) };
}

/**
 * One number per jet.
 *
 * @throws {JetError} SHAPE_MISMATCH
 */
export function onePerJet({ shape, data }: NumberArray, name: string): ArrayLike<number | bigint> {
  if (shape.length > 0 && shape.slice(1).every((length) => length === 1)) return data;
  throw new JetError(
    'SHAPE_MISMATCH',
    `${name}: shape (${shape.join(', ')}); expected one number per jet, (n) or (n, 1); save one column`,
    { shape },
  );
}
