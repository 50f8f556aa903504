/** @file Whether a score of 0.8 means 80 % signal. */
import { JetError } from '@jetsdk/jets';
import { checkFinite, checkLabels, checkLength, checkRange, checkWeights } from '../core/inputs.js';

/** The jets with scores in [low, high), or [low, high] for the last bin. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  readonly jets: number;
  readonly meanScore: number;
  readonly signalFraction: number;
}

export interface Calibration {
  /** of equal width over [0, 1]; bins without jets (or without weight) are left out */
  readonly bins: readonly ReliabilityBin[];
  /** expected calibration error: Σ share of jets · |signal fraction − mean score| */
  readonly expectedError: number;
  /** mean (score − label)² */
  readonly brier: number;
}

/**
 * Compares scores with the signal fraction among jets of such scores.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) in [0, 1]; not modified
 * @param options.bins default 10
 * @param options.weights (n,) finite, ≥ 0
 * @throws {JetError} SHAPE_MISMATCH if lengths differ; OUT_OF_RANGE for a score outside [0, 1], another label, a
 *   negative weight or no bins; NOT_FINITE; DEGENERATE_METRIC if a class is absent or all weights are 0
 */
export function calibration(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: { readonly bins?: number; readonly weights?: ArrayLike<number> } = {},
): Calibration {
  const { bins: count = 10, weights } = options;
  const n = labels.length;
  if (!Number.isInteger(count) || count < 1)
    throw new JetError('OUT_OF_RANGE', `calibration: ${count} bins; expected an integer of 1 or more`, { bins: count });
  checkLength('calibration', n, 'scores', scores.length);
  checkLabels('calibration', labels);
  checkFinite('calibration', 'score', scores);
  if (weights !== undefined) {
    checkLength('calibration', n, 'weights', weights.length);
    checkWeights('calibration', weights);
  }
  const jets = new Float64Array(count);
  const weight = new Float64Array(count);
  const score = new Float64Array(count);
  const signal = new Float64Array(count);
  let total = 0;
  let squared = 0;
  for (let i = 0; i < n; i++) {
    if (!(scores[i] >= 0 && scores[i] <= 1)) checkRange('calibration', `score ${i}`, scores[i], 0, 1);
    const bin = Math.min(count - 1, Math.floor(scores[i] * count));
    const w = weights === undefined ? 1 : weights[i];
    jets[bin]++;
    weight[bin] += w;
    score[bin] += w * scores[i];
    signal[bin] += w * labels[i];
    total += w;
    squared += w * (scores[i] - labels[i]) ** 2;
  }
  if (!(total > 0))
    throw new JetError('DEGENERATE_METRIC', `calibration: the weights of ${n} jets sum to ${total}; expected more`, {
      jets: n,
      total,
    });
  const bins: ReliabilityBin[] = [];
  let expectedError = 0;
  for (let b = 0; b < count; b++) {
    if (weight[b] === 0) continue;
    bins.push({
      low: b / count,
      high: (b + 1) / count,
      jets: jets[b],
      meanScore: score[b] / weight[b],
      signalFraction: signal[b] / weight[b],
    });
    expectedError += Math.abs(signal[b] - score[b]) / total;
  }
  return { bins, expectedError, brier: squared / total };
}
