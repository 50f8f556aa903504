/** @file The area under the ROC curve. */

import { type CutCounts, CutCursor, countJets, requireRising } from '../core/cutCounts.js';
import { checkOptions, checkRange, type OptionNames, type Weighted } from '../core/inputs.js';

/**
 * The probability that a signal jet scores higher than a background jet, a tie counting half (Mann–Whitney U / n_S n_B).
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite, higher is more signal-like; not modified
 * @returns area in [0, 1]; with weights below 0 the same sum over pairs, which may leave that range
 * @throws {JetError} as `cutCounts`
 */
export function auc(labels: ArrayLike<number>, scores: ArrayLike<number>, options: Weighted = {}): number {
  return aucOf(countJets('auc', labels, scores, options, { weights: true }));
}

/** As `auc`. Without weights the pairs are counted in integers: exact up to 2⁵² pairs. */
export function aucOf(cuts: CutCounts): number {
  const cursor = new CutCursor(cuts);
  let twicePairs = 0;
  let signal = 0;
  let background = 0;
  while (cursor.next()) {
    twicePairs += (cursor.background - background) * (signal + cursor.signal);
    signal = cursor.signal;
    background = cursor.background;
  }
  return twicePairs / (2 * signal * background);
}

/** Where a partial AUC is taken. */
export interface PartialAucOptions {
  /** ε_B from and to, 0 ≤ from < to ≤ 1 */
  readonly range: readonly [from: number, to: number];
}

const OPTIONS: OptionNames<PartialAucOptions & Weighted> = { range: true, weights: true };

/**
 * The area under the ROC curve over a range of background efficiencies, divided by the width of the range:
 * the mean ε_S there. The curve is a straight line between its points.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite, higher is more signal-like; not modified
 * @returns in [0, 1]; over [0, 1] it is the AUC
 * @throws {JetError} as `cutCounts`; DEGENERATE_METRIC for weights below 0; OUT_OF_RANGE if the range is empty or outside [0, 1]
 */
export function partialAuc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: PartialAucOptions & Weighted,
): number {
  return partialAucOf(countJets('partialAuc', labels, scores, options, OPTIONS), options);
}

/** As `partialAuc`. */
export function partialAucOf(cuts: CutCounts, options: PartialAucOptions): number {
  checkOptions('partialAuc', options, OPTIONS);
  requireRising('partialAuc', cuts);
  const [from, to] = options.range;
  checkRange('partialAuc', 'end of the range of ε_B', to, 0, 1, true);
  checkRange('partialAuc', 'start of the range of ε_B', from, 0, to);
  checkRange('partialAuc', 'width of the range of ε_B', to - from, 0, 1, true);
  const cursor = new CutCursor(cuts);
  let area = 0;
  let lastS = 0;
  let lastB = 0;
  while (lastB < to && cursor.next()) {
    const s = cursor.signal / cuts.ofSignal.weight;
    const b = cursor.background / cuts.ofBackground.weight;
    const left = Math.max(lastB, from);
    const right = Math.min(b, to);
    if (right > left) {
      const slope = (s - lastS) / (b - lastB);
      area += (right - left) * (lastS + slope * ((left + right) / 2 - lastB));
    }
    lastS = s;
    lastB = b;
  }
  return area / (to - from);
}
