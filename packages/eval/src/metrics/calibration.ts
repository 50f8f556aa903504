/** @file Whether a score of 0.8 means 80 % signal. */
import { JetError } from '@jetsdk/jets';
import { type CountedJets, countJets } from '../core/cutCounts.js';
import { checkOptions, checkRange, type OptionNames, type Weighted } from '../core/inputs.js';

/** The jets with scores in [low, high), or [low, high] for the last bin. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  readonly jets: number;
  readonly meanScore: number;
  readonly signalFraction: number;
}

export interface Calibration {
  /** of equal width over [0, 1]; bins without jets, or without positive weight, are left out */
  readonly bins: readonly ReliabilityBin[];
  /** expected calibration error: Σ share of jets · |signal fraction − mean score| */
  readonly expectedError: number;
  /** mean (score − label)² */
  readonly brier: number;
}

export interface CalibrationOptions {
  /** default 10 */
  readonly bins?: number;
}

const OPTIONS: OptionNames<CalibrationOptions & Weighted> = { bins: true, weights: true };

/**
 * Compares scores with the signal fraction among jets of such scores.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) in [0, 1]; not modified
 * @throws {JetError} as `cutCounts`; OUT_OF_RANGE for a score outside [0, 1] or no bins
 */
export function calibration(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: CalibrationOptions & Weighted = {},
): Calibration {
  return calibrationOf(countJets('calibration', labels, scores, options, OPTIONS), options);
}

/** As `calibration`. */
export function calibrationOf(counted: CountedJets, options: CalibrationOptions = {}): Calibration {
  checkOptions('calibration', options, OPTIONS);
  const { bins: count = 10 } = options;
  const { jets: n, labels, scores, weights } = counted;
  if (!Number.isInteger(count) || count < 1)
    throw new JetError('OUT_OF_RANGE', `calibration: ${count} bins; expected an integer of 1 or more`, { bins: count });
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
  const bins: ReliabilityBin[] = [];
  let expectedError = 0;
  for (let b = 0; b < count; b++) {
    if (weight[b] <= 0) continue;
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
