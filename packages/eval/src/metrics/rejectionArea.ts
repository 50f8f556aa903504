/** @file The area under the rejection curve, the one figure of the jet-images papers. */
import { JetError } from '@jetsdk/jets';
import { type CutCounts, CutCursor, countJets, requireRising } from '../core/cutCounts.js';
import { checkOptions, checkRange, type OptionNames, type Weighted } from '../core/inputs.js';

/** Where the area is taken. */
export interface RejectionAreaOptions {
  /** ε_S from and to, 0 < from < to ≤ 1; default 0.1 to 0.9 */
  readonly range?: readonly [from: number, to: number];
}

const OPTIONS: OptionNames<RejectionAreaOptions & Weighted> = { range: true, weights: true };

/**
 * The area under 1/ε_B as a function of ε_S. The ROC curve is a straight line between its points.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite, higher is more signal-like; not modified
 * @returns at least the width of the range; a coin toss has ln(to / from)
 * @throws {JetError} as `cutCounts`; OUT_OF_RANGE if the range is empty or outside (0, 1]; DEGENERATE_METRIC for weights below 0, or if no background jet
 *   passes where the range begins: the area has no upper limit then
 * @see de Oliveira et al.: Jet-images, deep learning edition, arXiv:1511.05190, section 5
 */
export function rejectionArea(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: RejectionAreaOptions & Weighted = {},
): number {
  return rejectionAreaOf(countJets('rejectionArea', labels, scores, options, OPTIONS), options);
}

/** As `rejectionArea`. */
export function rejectionAreaOf(cuts: CutCounts, options: RejectionAreaOptions = {}): number {
  checkOptions('rejectionArea', options, OPTIONS);
  requireRising('rejectionArea', cuts);
  const [from, to] = options.range ?? [0.1, 0.9];
  checkRange('rejectionArea', 'end of the range of ε_S', to, 0, 1, true);
  checkRange('rejectionArea', 'start of the range of ε_S', from, 0, to, true);
  checkRange('rejectionArea', 'width of the range of ε_S', to - from, 0, 1, true);
  const cursor = new CutCursor(cuts);
  let area = 0;
  let lastS = 0;
  let lastB = 0;
  while (lastS < to && cursor.next()) {
    const s = cursor.signal / cuts.ofSignal.weight;
    const b = cursor.background / cuts.ofBackground.weight;
    const left = Math.max(lastS, from);
    const right = Math.min(s, to);
    if (right > left) {
      const slope = (b - lastB) / (s - lastS);
      const low = lastB + slope * (left - lastS);
      const high = lastB + slope * (right - lastS);
      if (low === 0)
        throw new JetError(
          'DEGENERATE_METRIC',
          `rejectionArea: no background jet passes at ε_S = ${left.toPrecision(3)}; expected one of ${cuts.background} at least; begin the range higher`,
          { signalEfficiency: left, background: cuts.background },
        );
      area += meanInverse(low, high) * (right - left);
    }
    lastS = s;
    lastB = b;
  }
  return area;
}

/** Mean of 1/x between two positive numbers: the inverse of their logarithmic mean. */
function meanInverse(low: number, high: number): number {
  const ratio = (high - low) / low;
  return ratio === 0 ? 1 / low : Math.log1p(ratio) / (high - low);
}
