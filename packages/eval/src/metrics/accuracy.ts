/** @file The fraction of jets on the right side of a cut. */
import { JetError } from '@jetsdk/jets';
import { type CutCounts, CutCursor, countJets, passing, weightOfFirst } from '../core/cutCounts.js';
import { checkOptions, type OptionNames, type Weighted } from '../core/inputs.js';

/** Where jets are called signal. */
export interface AccuracyOptions {
  /** default 0.5 */
  readonly threshold?: number;
}

const OPTIONS: OptionNames<AccuracyOptions & Weighted> = { threshold: true, weights: true };

/**
 * The fraction of jets (of weight) called right when a score ≥ the threshold is called signal.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite; not modified
 * @returns in [0, 1]
 * @throws {JetError} as `cutCounts`; NOT_FINITE for a threshold that is NaN
 */
export function accuracy(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: AccuracyOptions & Weighted = {},
): number {
  return accuracyOf(countJets('accuracy', labels, scores, options, OPTIONS), options);
}

/** As `accuracy`. */
export function accuracyOf({ ofSignal, ofBackground }: CutCounts, options: AccuracyOptions = {}): number {
  checkOptions('accuracy', options, OPTIONS);
  const { threshold = 0.5 } = options;
  if (Number.isNaN(threshold)) throw new JetError('NOT_FINITE', 'accuracy: threshold NaN; expected a number');
  const right =
    weightOfFirst(ofSignal, passing(ofSignal, threshold)) +
    ofBackground.weight -
    weightOfFirst(ofBackground, passing(ofBackground, threshold));
  return right / (ofSignal.weight + ofBackground.weight);
}

/** The best accuracy of any cut. */
export interface BestAccuracy {
  readonly accuracy: number;
  /** the highest threshold that reaches it; a jet passes at or above it */
  readonly threshold: number;
}

/**
 * The highest accuracy over all cuts that let at least one jet pass. It is chosen on these very jets, so it flatters.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite, higher is more signal-like; not modified
 * @throws {JetError} as `cutCounts`
 */
export function bestAccuracy(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: Weighted = {},
): BestAccuracy {
  return bestAccuracyOf(countJets('bestAccuracy', labels, scores, options, { weights: true }));
}

/** As `bestAccuracy`. */
export function bestAccuracyOf(cuts: CutCounts): BestAccuracy {
  const cursor = new CutCursor(cuts);
  let best = Number.NEGATIVE_INFINITY;
  let threshold = 0;
  while (cursor.next()) {
    const gain = cursor.signal - cursor.background;
    if (gain > best) {
      best = gain;
      threshold = cursor.score;
    }
  }
  const { ofSignal, ofBackground } = cuts;
  return { accuracy: (best + ofBackground.weight) / (ofSignal.weight + ofBackground.weight), threshold };
}
