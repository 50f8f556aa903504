/** @file Precision against recall. */
import { type CutCounts, CutCursor, countJets, distinctScores } from '../core/cutCounts.js';
import type { Weighted } from '../core/inputs.js';

/** One point for each distinct score, from the highest to the lowest. */
export interface PrecisionRecall {
  /** jets with a score ≥ this pass */
  readonly threshold: Float64Array;
  /** the signal fraction of what passes */
  readonly precision: Float64Array;
  /** ε_S */
  readonly recall: Float64Array;
  /** Σ precision · Δrecall, without interpolation */
  readonly averagePrecision: number;
}

/**
 * Precision and recall at every cut that lets some weight pass. Both depend on the class balance of the jets given.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite, higher is more signal-like; not modified
 * @throws {JetError} as `cutCounts`
 */
export function precisionRecall(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: Weighted = {},
): PrecisionRecall {
  return precisionRecallOf(countJets('precisionRecall', labels, scores, options, { weights: true }));
}

/** As `precisionRecall`. */
export function precisionRecallOf(cuts: CutCounts): PrecisionRecall {
  const points = distinctScores(cuts);
  const threshold = new Float64Array(points);
  const precision = new Float64Array(points);
  const recall = new Float64Array(points);
  const cursor = new CutCursor(cuts);
  let at = 0;
  let averagePrecision = 0;
  let last = 0;
  while (cursor.next()) {
    const passing = cursor.signal + cursor.background;
    if (passing <= 0) continue;
    threshold[at] = cursor.score;
    precision[at] = cursor.signal / passing;
    recall[at] = cursor.signal / cuts.ofSignal.weight;
    averagePrecision += precision[at] * (recall[at] - last);
    last = recall[at];
    at++;
  }
  return {
    threshold: threshold.subarray(0, at),
    precision: precision.subarray(0, at),
    recall: recall.subarray(0, at),
    averagePrecision,
  };
}
