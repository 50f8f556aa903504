/** @file Taggers with more than two classes, seen two classes at a time. */
import { JetError } from '@jetsdk/jets';
import { checkFinite, checkRange, checkWeights } from '../core/inputs.js';
import { auc } from './auc.js';

/** A two-class problem cut out of one with more. */
export interface TwoClasses {
  readonly labels: Uint8Array;
  readonly scores: Float64Array;
  /** present where weights were given */
  readonly weights?: Float64Array;
}

export interface MultiClass {
  readonly classes: number;
  /** fraction (of weight) whose own class has the highest probability; the first of equal ones counts */
  readonly accuracy: number;
  /** each class against all others together, scored by its probability */
  readonly oneVsRest: readonly { readonly class: number; readonly auc: number }[];
  /** unweighted mean over classes */
  readonly macroOneVsRest: number;
  /** each signal class against each background class, scored by p_S / (p_S + p_B) on the jets of the two */
  readonly oneVsOne: readonly { readonly signal: number; readonly background: number; readonly auc: number }[];
  /** unweighted mean over these pairs */
  readonly macroOneVsOne: number;
}

export interface MultiClassOptions {
  /** classes taken as background one by one; default [0] */
  readonly backgrounds?: readonly number[];
  /** (n,) finite, ≥ 0 */
  readonly weights?: ArrayLike<number>;
}

/**
 * The AUCs of a tagger with several classes.
 *
 * @param labels (n,) class numbers from 0; every class present; not modified
 * @param probabilities (n, classes) row-major, ≥ 0; not modified
 * @param classes 2 or more
 * @throws {JetError} SHAPE_MISMATCH if lengths differ; OUT_OF_RANGE for a label that is no class or a negative
 *   probability; NOT_FINITE; DEGENERATE_METRIC if a class is absent; BAD_ARGUMENT if every class is background
 */
export function multiClass(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  options: MultiClassOptions = {},
): MultiClass {
  const { backgrounds = [0], weights } = options;
  checkClasses(labels, probabilities, classes, weights);
  for (const b of backgrounds) checkClass(b, classes);
  const all = Array.from({ length: classes }, (_, c) => c);
  const signals = all.filter((c) => !backgrounds.includes(c));
  if (signals.length === 0 || backgrounds.length === 0)
    throw new JetError(
      'BAD_ARGUMENT',
      `multiClass: ${backgrounds.length} of ${classes} classes are background; expected at least one signal and one background class`,
      { classes, backgrounds },
    );
  const oneVsRest = all.map((c) => {
    const is = Uint8Array.from({ length: labels.length }, (_, i) => (labels[i] === c ? 1 : 0));
    const score = Float64Array.from({ length: labels.length }, (_, i) => probabilities[i * classes + c]);
    return { class: c, auc: auc(is, score, { weights }) };
  });
  const oneVsOne = signals.flatMap((signal) =>
    backgrounds.map((background) => {
      const pair = twoClasses(labels, probabilities, classes, signal, background, weights);
      return { signal, background, auc: auc(pair.labels, pair.scores, pair) };
    }),
  );
  return {
    classes,
    accuracy: topOneAccuracy(labels, probabilities, classes, weights),
    oneVsRest,
    macroOneVsRest: mean(oneVsRest.map((r) => r.auc)),
    oneVsOne,
    macroOneVsOne: mean(oneVsOne.map((r) => r.auc)),
  };
}

/**
 * The jets of two classes with the score p_S / (p_S + p_B), for any two-class metric.
 * Where both probabilities are 0 the score is 0.5: the network prefers neither.
 *
 * @throws {JetError} as `multiClass`
 */
export function oneVsOneScores(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  pair: { readonly signal: number; readonly background: number },
  weights?: ArrayLike<number>,
): TwoClasses {
  checkClasses(labels, probabilities, classes, weights);
  checkClass(pair.signal, classes);
  checkClass(pair.background, classes);
  return twoClasses(labels, probabilities, classes, pair.signal, pair.background, weights);
}

function twoClasses(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  signal: number,
  background: number,
  weights: ArrayLike<number> | undefined,
): TwoClasses {
  const jets: number[] = [];
  for (let i = 0; i < labels.length; i++) if (labels[i] === signal || labels[i] === background) jets.push(i);
  const score = (i: number): number => {
    const s = probabilities[i * classes + signal];
    const b = probabilities[i * classes + background];
    return s + b === 0 ? 0.5 : s / (s + b);
  };
  return {
    labels: Uint8Array.from(jets, (i) => (labels[i] === signal ? 1 : 0)),
    scores: Float64Array.from(jets, score),
    ...(weights === undefined ? {} : { weights: Float64Array.from(jets, (i) => weights[i]) }),
  };
}

function topOneAccuracy(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  weights: ArrayLike<number> | undefined,
): number {
  let right = 0;
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    let top = 0;
    for (let c = 1; c < classes; c++) if (probabilities[i * classes + c] > probabilities[i * classes + top]) top = c;
    const w = weights === undefined ? 1 : weights[i];
    if (top === labels[i]) right += w;
    total += w;
  }
  return right / total;
}

function checkClass(c: number, classes: number): void {
  if (!Number.isInteger(c) || c < 0 || c >= classes)
    throw new JetError('OUT_OF_RANGE', `multiClass: class ${c}; expected an integer from 0 to ${classes - 1}`, {
      class: c,
      classes,
    });
}

function checkClasses(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  weights: ArrayLike<number> | undefined,
): void {
  const n = labels.length;
  if (!Number.isInteger(classes) || classes < 2)
    throw new JetError('OUT_OF_RANGE', `multiClass: ${classes} classes; expected an integer of 2 or more`, { classes });
  if (probabilities.length !== n * classes)
    throw new JetError(
      'SHAPE_MISMATCH',
      `multiClass: ${probabilities.length} probabilities for ${n} jets and ${classes} classes; expected ${n * classes}`,
      { probabilities: probabilities.length, jets: n, classes },
    );
  for (let i = 0; i < n; i++) checkClass(labels[i], classes);
  checkFinite('multiClass', 'probability', probabilities);
  for (let i = 0; i < probabilities.length; i++)
    if (!(probabilities[i] >= 0 && probabilities[i] <= 1e300))
      checkRange('multiClass', `probability ${i}`, probabilities[i], 0, 1e300);
  if (weights === undefined) return;
  checkWeights('multiClass', n, weights);
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
