/** @file Scores of several classes, checked in one place. */
import { counted, JetError, quoted } from '@jetsdk/jets';
import {
  checkArray,
  checkFinite,
  checkOptions,
  checkRange,
  checkWeights,
  type OptionNames,
  type Weighted,
} from './inputs.js';

/** Scores (n, k), row-major: k ≥ 2 columns, one per class. */
export interface ClassScores {
  readonly shape: readonly number[];
  /** (n · k,) */
  readonly data: ArrayLike<number>;
}

/** What the metrics of several classes take in their options. Weights are ≥ 0 here: shares of classes have no meaning below. */
export interface ClassOptions extends Weighted {
  /** (k,) names of the columns; default `class 0`, `class 1`, … */
  readonly classes?: readonly string[] | undefined;
}

/** Labels and scores of several classes that fit together. */
export interface ClassJets {
  readonly jets: number;
  readonly classes: readonly string[];
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  readonly weights: ArrayLike<number> | undefined;
}

/**
 * @throws {JetError} BAD_ARGUMENT for what is no array or no table; SHAPE_MISMATCH if lengths differ; OUT_OF_RANGE for a
 *   label that is no class, or a score below 0; NOT_FINITE; DEGENERATE_METRIC if a class has no jets
 */
export function checkClasses<O extends ClassOptions>(
  where: string,
  labels: ArrayLike<number>,
  scores: ClassScores,
  options: O,
  names: OptionNames<O>,
): ClassJets {
  checkArray(where, 'labels', labels);
  if (!isTable(scores))
    throw new JetError(
      'BAD_ARGUMENT',
      `${where}: scores, got ${quoted(scores)}; expected { shape: [jets, classes], data }${isPromise(scores) ? '; await it' : ''}`,
    );
  checkOptions(where, options, names);
  checkArray(where, 'scores.data', scores.data);
  const jets = labels.length;
  const [rows, count] = scores.shape;
  if (scores.shape.length !== 2 || !Number.isInteger(count) || count < 2 || scores.data.length !== rows * count)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: ${counted(scores.data.length, 'score')} of shape (${scores.shape.join(', ')}); expected (jets, classes) with two classes or more`,
      { shape: scores.shape, scores: scores.data.length },
    );
  if (rows !== jets)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: ${counted(rows, 'row')} of scores for ${counted(jets, 'label')}; expected one of each per jet, in the same order`,
      { labels: jets, rows },
    );
  const classes = options.classes ?? Array.from({ length: count }, (_, c) => `class ${c}`);
  if (classes.length !== count)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: ${counted(classes.length, 'name')} for ${counted(count, 'class', 'classes')}; expected one of each`,
      {
        names: classes.length,
        classes: count,
      },
    );
  checkLabels(where, labels, classes);
  checkFinite(where, 'score', scores.data);
  for (let i = 0; i < scores.data.length; i++)
    if (!(scores.data[i] >= 0 && scores.data[i] <= 1e300)) checkRange(where, `score ${i}`, scores.data[i], 0, 1e300);
  const { weights } = options;
  if (weights !== undefined) {
    checkWeights(where, jets, weights);
    for (let i = 0; i < jets; i++)
      if (weights[i] < 0) checkRange(where, `weight ${i}`, weights[i], 0, Number.MAX_VALUE);
  }
  return { jets, classes, labels, scores: scores.data, weights };
}

function isTable(scores: unknown): boolean {
  return (
    typeof scores === 'object' &&
    scores !== null &&
    'data' in scores &&
    'shape' in scores &&
    Array.isArray(scores.shape)
  );
}

const isPromise = (value: unknown): boolean => typeof value === 'object' && value !== null && 'then' in value;

function checkLabels(where: string, labels: ArrayLike<number>, classes: readonly string[]): void {
  const jets = new Uint32Array(classes.length);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!(Number.isInteger(label) && label >= 0 && label < classes.length))
      throw new JetError(
        'OUT_OF_RANGE',
        `${where}: label ${i} is ${quoted(label)}; expected the number of a class, 0 to ${classes.length - 1}`,
        { index: i, label },
      );
    jets[label]++;
  }
  const absent = jets.indexOf(0);
  if (absent >= 0)
    throw new JetError(
      'DEGENERATE_METRIC',
      `${where}: 0 of ${counted(labels.length, 'jet')} have the label ${absent} (${classes[absent]}); expected at least one of each of ${counted(classes.length, 'class', 'classes')}`,
      { class: absent, jets: labels.length },
    );
}
