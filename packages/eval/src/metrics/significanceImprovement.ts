/** @file How much a cut improves the significance S/√B of a counting experiment. */
import { JetError } from '@jetsdk/jets';
import { type CutCounts, CutCursor, countJets } from '../core/cutCounts.js';
import { checkOptions, type OptionNames, type Weighted } from '../core/inputs.js';
import { type RocOptions, rocOf } from './roc.js';

/** A cut and its ε_S/√ε_B. */
export interface SignificancePoint {
  readonly signalEfficiency: number;
  readonly backgroundEfficiency: number;
  readonly improvement: number;
  readonly threshold: number;
  /** background jets that pass */
  readonly falsePositives: number;
}

export interface MaximumSignificanceOptions {
  /** background jets that must pass; default 100, at least 1 */
  readonly minimumBackground?: number;
}

const OPTIONS: OptionNames<MaximumSignificanceOptions & Weighted> = { minimumBackground: true, weights: true };

/**
 * The cut of highest ε_S/√ε_B. With few background jets left the ratio is all fluctuation, so the search asks for some.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite, higher is more signal-like; not modified
 * @throws {JetError} as `cutCounts`; OUT_OF_RANGE for a minimum below 1; DEGENERATE_METRIC if no cut lets that many
 *   background jets pass
 * @see Gallicchio et al.: arXiv:1010.3698, section 4
 */
export function maximumSignificanceImprovement(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: MaximumSignificanceOptions & Weighted = {},
): SignificancePoint {
  return maximumSignificanceImprovementOf(
    countJets('maximumSignificanceImprovement', labels, scores, options, OPTIONS),
    options,
  );
}

/** As `maximumSignificanceImprovement`. */
export function maximumSignificanceImprovementOf(
  cuts: CutCounts,
  options: MaximumSignificanceOptions = {},
): SignificancePoint {
  checkOptions('maximumSignificanceImprovement', options, OPTIONS);
  const { minimumBackground = 100 } = options;
  if (!(minimumBackground >= 1))
    throw new JetError(
      'OUT_OF_RANGE',
      `maximumSignificanceImprovement: at least ${minimumBackground} background jets; expected 1 or more`,
      { minimumBackground: String(minimumBackground) },
    );
  const cursor = new CutCursor(cuts);
  let best: SignificancePoint | undefined;
  while (cursor.next()) {
    if (cursor.backgroundJets < minimumBackground || cursor.background <= 0) continue;
    const signalEfficiency = cursor.signal / cuts.ofSignal.weight;
    const backgroundEfficiency = cursor.background / cuts.ofBackground.weight;
    const improvement = signalEfficiency / Math.sqrt(backgroundEfficiency);
    if (best === undefined || improvement > best.improvement)
      best = {
        signalEfficiency,
        backgroundEfficiency,
        improvement,
        threshold: cursor.score,
        falsePositives: cursor.backgroundJets,
      };
  }
  if (best === undefined)
    throw new JetError(
      'DEGENERATE_METRIC',
      `maximumSignificanceImprovement: ${cuts.background} background jets; expected ${minimumBackground} or more, or a lower minimumBackground`,
      { background: cuts.background, minimumBackground },
    );
  return best;
}

/** ε_S/√ε_B along a ROC curve. */
export interface SignificanceCurve {
  readonly signalEfficiency: Float64Array;
  readonly improvement: Float64Array;
}

const CURVE_OPTIONS: OptionNames<RocOptions & Weighted> = { points: true, weights: true };

/**
 * The significance improvement at each corner of the ROC curve where background passes.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite, higher is more signal-like; not modified
 * @throws {JetError} as `roc`
 */
export function significanceImprovement(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: RocOptions & Weighted = {},
): SignificanceCurve {
  return significanceImprovementOf(
    countJets('significanceImprovement', labels, scores, options, CURVE_OPTIONS),
    options,
  );
}

/** As `significanceImprovement`. */
export function significanceImprovementOf(cuts: CutCounts, options: RocOptions = {}): SignificanceCurve {
  checkOptions('significanceImprovement', options, CURVE_OPTIONS);
  const { signalEfficiency, backgroundEfficiency } = rocOf(cuts, options);
  const passing = Uint32Array.from(backgroundEfficiency.keys()).filter((i) => backgroundEfficiency[i] > 0);
  return {
    signalEfficiency: Float64Array.from(passing, (i) => signalEfficiency[i]),
    improvement: Float64Array.from(passing, (i) => signalEfficiency[i] / Math.sqrt(backgroundEfficiency[i])),
  };
}
