/** @file The one sorted core of the metrics: who passes at every distinct score. A jet passes a cut at t when its score is ≥ t. */

import { counted, JetError } from '@jetsdk/jets';
import {
  checkArray,
  checkFinite,
  checkLabels,
  checkLength,
  checkOptions,
  checkWeights,
  type OptionNames,
  type Weighted,
} from './inputs.js';
import { descendingOrder, sortFloat32ByClass, sortFloat64ByClass } from './sort.js';

/** The jets of one class in descending order of score. */
export interface CutClass {
  /** number of jets */
  readonly jets: number;
  /** (jets,) descending; −0 is 0 */
  readonly scores: Float32Array | Float64Array;
  /** summed weights; the number of jets where there are no weights */
  readonly weight: number;
  /** (jets,) running sums of the weights and of their squares, where there are weights */
  readonly sums?: { readonly weight: Float64Array; readonly squares: Float64Array };
}

/** Labels and scores, sorted once; every metric is a view of it. */
export interface CutCounts {
  readonly jets: number;
  /** number of signal jets */
  readonly signal: number;
  /** number of background jets */
  readonly background: number;
  readonly ofSignal: CutClass;
  readonly ofBackground: CutClass;
  /** number of jets with a weight below 0: where there are some, what passes need not grow as a cut is loosened */
  readonly negative: number;
}

/** With the jets they were counted from, in their own order, for what goes jet by jet; nothing is copied. */
export interface CountedJets extends CutCounts {
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  readonly weights: ArrayLike<number> | undefined;
}

/**
 * Sorts the jets once. Equal scores stay together: they pass every cut together or not at all.
 * Beside the inputs it keeps 4 bytes per jet for float32 scores without weights, 8 for other scores,
 * 24 with weights; float32 scores are sorted as such, everything else in float64, both exactly.
 *
 * @param labels (n,) 0 = background, 1 = signal, of any numeric type; not modified
 * @param scores (n,) higher is more signal-like; finite; not modified
 * @throws {JetError} BAD_ARGUMENT for what is no array of numbers; SHAPE_MISMATCH if lengths differ; OUT_OF_RANGE for
 *   another label; NOT_FINITE for a NaN or infinite score or weight; DEGENERATE_METRIC if a class is absent or its
 *   weights do not sum to more than 0
 */
export function cutCounts(labels: ArrayLike<number>, scores: ArrayLike<number>, options: Weighted = {}): CountedJets {
  return countJets('cutCounts', labels, scores, options, { weights: true });
}

/** As `cutCounts`. @param where the metric that asks, for messages @param names of its options */
export function countJets<O extends Weighted>(
  where: string,
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: O,
  names: OptionNames<O>,
): CountedJets {
  checkArray(where, 'labels', labels);
  checkArray(where, 'scores', scores);
  checkOptions(where, options, names);
  const { weights } = options;
  const jets = labels.length;
  checkLength(where, jets, 'scores', scores.length);
  const signal = checkLabels(where, labels);
  checkFinite(where, 'score', scores);
  let negative = 0;
  if (weights !== undefined) {
    checkWeights(where, jets, weights);
    for (let i = 0; i < jets; i++) if (weights[i] < 0) negative++;
  }
  const counted = { jets, signal, background: jets - signal, negative, labels, scores, weights };
  if (weights === undefined) {
    const sorted =
      scores instanceof Float32Array
        ? sortFloat32ByClass(labels, scores, signal)
        : sortFloat64ByClass(labels, scores, signal);
    return {
      ...counted,
      ofSignal: { jets: signal, scores: sorted.signal, weight: signal },
      ofBackground: { jets: jets - signal, scores: sorted.background, weight: jets - signal },
    };
  }
  const order = descendingOrder(scores);
  return {
    ...counted,
    ofSignal: weightedClass(where, labels, scores, weights, order, 1, signal),
    ofBackground: weightedClass(where, labels, scores, weights, order, 0, jets - signal),
  };
}

function weightedClass(
  where: string,
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights: ArrayLike<number>,
  order: Uint32Array,
  label: 0 | 1,
  jets: number,
): CutClass {
  const sorted = new Float64Array(jets);
  const sums = { weight: new Float64Array(jets), squares: new Float64Array(jets) };
  let weight = 0;
  let squares = 0;
  let at = 0;
  for (let i = 0; i < order.length; i++) {
    const jet = order[i];
    if (labels[jet] !== label) continue;
    const w = weights[jet];
    weight += w;
    squares += w * w;
    sorted[at] = scores[jet] + 0;
    sums.weight[at] = weight;
    sums.squares[at] = squares;
    at++;
  }
  if (!(weight > 0 && squares > 0 && weight < 1e150 && squares < 1e300))
    throw new JetError(
      'DEGENERATE_METRIC',
      `${where}: the weights of the ${jets} ${label === 1 ? 'signal' : 'background'} jets sum to ${weight}; expected more than 0 and less than 1e150`,
      { label, weight: String(weight), jets },
    );
  return { jets, scores: sorted, weight, sums };
}

/** @throws {JetError} DEGENERATE_METRIC where weights below 0 let the ROC curve turn back: no area over a range of it exists */
export function requireRising(where: string, { negative, jets }: CutCounts): void {
  if (negative > 0)
    throw new JetError(
      'DEGENERATE_METRIC',
      `${where}: ${negative} of ${counted(jets, 'weight')} are negative, so that the ROC curve turns back; expected weights of 0 or more; use auc or backgroundRejection`,
      { negative, jets },
    );
}

/** Walks the distinct scores from the highest to the lowest: `while (cursor.next()) …`. */
export class CutCursor {
  /** the cut: jets with at least this score pass; Infinity before the first step */
  score = Number.POSITIVE_INFINITY;
  /** number of jets that pass */
  signalJets = 0;
  backgroundJets = 0;
  /** weights that pass; the numbers of jets where there are no weights */
  signal = 0;
  background = 0;
  private readonly signalSums: Float64Array | undefined;
  private readonly backgroundSums: Float64Array | undefined;
  private readonly signalScores: Float32Array | Float64Array;
  private readonly backgroundScores: Float32Array | Float64Array;

  constructor(cuts: CutCounts) {
    this.signalSums = cuts.ofSignal.sums?.weight;
    this.backgroundSums = cuts.ofBackground.sums?.weight;
    this.signalScores = cuts.ofSignal.scores;
    this.backgroundScores = cuts.ofBackground.scores;
  }

  /** Goes to the next lower distinct score; false when there is none. */
  next(): boolean {
    const { signalScores, backgroundScores } = this;
    let s = this.signalJets;
    let b = this.backgroundJets;
    const moreSignal = s < signalScores.length;
    const moreBackground = b < backgroundScores.length;
    if (!moreSignal && !moreBackground) return false;
    let score = moreSignal ? signalScores[s] : backgroundScores[b];
    if (moreSignal && moreBackground && backgroundScores[b] > score) score = backgroundScores[b];
    while (s < signalScores.length && signalScores[s] === score) s++;
    while (b < backgroundScores.length && backgroundScores[b] === score) b++;
    this.score = score;
    this.signalJets = s;
    this.backgroundJets = b;
    this.signal = this.signalSums === undefined || s === 0 ? s : this.signalSums[s - 1];
    this.background = this.backgroundSums === undefined || b === 0 ? b : this.backgroundSums[b - 1];
    return true;
  }
}

/** The summed weight of the `count` jets of highest score. */
export function weightOfFirst(of: CutClass, count: number): number {
  if (of.sums === undefined) return count;
  return count === 0 ? 0 : of.sums.weight[count - 1];
}

/** The summed squared weight of the `count` jets of highest score. */
export function squaresOfFirst(of: CutClass, count: number): number {
  if (of.sums === undefined) return count;
  return count === 0 ? 0 : of.sums.squares[count - 1];
}

/** The number of jets with a score ≥ the threshold, or > it where `strictly`. */
export function passing(of: CutClass, threshold: number, strictly = false): number {
  const { scores } = of;
  let low = 0;
  let high = of.jets;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (strictly ? scores[middle] > threshold : scores[middle] >= threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The number of distinct scores. */
export function distinctScores(cuts: CutCounts): number {
  const cursor = new CutCursor(cuts);
  let distinct = 0;
  while (cursor.next()) distinct++;
  return distinct;
}
