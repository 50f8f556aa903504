/** @file Everything that is worth knowing of one tagger on one set of labelled jets, as plain JSON. */
import { isJetError } from '@jetsdk/jets';
import {
  type CountedJets,
  type CutClass,
  type CutCounts,
  countJets,
  passing,
  squaresOfFirst,
  weightOfFirst,
} from './core/cutCounts.js';
import { REJECTION_ESTIMATORS, type RejectionEstimator } from './core/estimator.js';
import { checkOptions, type OptionNames, type Weighted } from './core/inputs.js';
import { accuracyOf, type BestAccuracy, bestAccuracyOf } from './metrics/accuracy.js';
import { type BackgroundRejection, backgroundRejectionOf, workingPoint } from './metrics/backgroundRejection.js';
import { calibrationOf } from './metrics/calibration.js';
import { type MassSculpting, massSculptingOf } from './metrics/massSculpting.js';
import { rejectionAreaOf } from './metrics/rejectionArea.js';
import { maximumSignificanceImprovementOf, type SignificancePoint } from './metrics/significanceImprovement.js';
import { ONE_SIGMA } from './uncertainty/binomial.js';
import { type AucInterval, delongOf } from './uncertainty/delong.js';

/** What a figure must not be quoted without. */
export interface EvaluationWarning {
  readonly code: /** fewer than 100 background jets stand behind a rejection */
    | 'few-false-positives'
    /** no background jet passes: the rejection is left out, the message has its lower limit */
    | 'no-false-positives'
    /** equal scores at ε_S move 1/ε_B by more than its interval */
    | 'coarse-scores'
    /** the AUC is below one half */
    | 'auc-below-half'
    /** jets took part in the training of the tagger: set by whoever knows its card */
    | 'trained-on-these-jets'
    /** every signal jet scores above every background jet, or below: the standard error is 0 */
    | 'separated-classes'
    /** scores below 0 or above 1: an accuracy at 0.5 and a calibration mean nothing */
    | 'outside-unit-interval'
    /** the mass histograms allow no 1/JSD */
    | 'no-mass-sculpting'
    /** weights below 0: the ROC curve may turn back, errors come from a bootstrap */
    | 'negative-weights'
    /** the weights of a class sum to no more than two of their standard errors: every figure is of that sum */
    | 'cancelling-weights';
  readonly message: string;
}

export interface EvaluationResult {
  readonly name: string;
  readonly jets: number;
  readonly signal: number;
  readonly background: number;
  /** (Σw)² / Σw², where there are weights */
  readonly effective?: { readonly signal: number; readonly background: number };
  readonly auc: number;
  /** DeLong */
  readonly aucStdErr: number;
  readonly aucInterval: AucInterval;
  /** at the threshold 0.5 */
  readonly accuracy: number;
  readonly bestAccuracy: BestAccuracy;
  /** one per signal efficiency, in the order asked for; one where no background passes is a warning instead */
  readonly rejection: readonly BackgroundRejection[];
  /** area under (ε_S, 1/ε_B) from ε_S = 0.1 to 0.9; absent where no background passes at 0.1 */
  readonly rejectionArea?: number;
  /** of ε_S/√ε_B, with at least 100 background jets passing; absent where there are fewer in all */
  readonly significanceImprovement?: SignificancePoint;
  /** absent where a score lies outside [0, 1] */
  readonly calibration?: { readonly expectedError: number; readonly brier: number };
  /** where masses were given */
  readonly massSculpting?: MassSculpting;
  readonly warnings: readonly EvaluationWarning[];
}

export interface EvaluateOptions {
  /** default `scores` */
  readonly name?: string;
  /** (n,) GeV */
  readonly mass?: ArrayLike<number> | undefined;
  /** each in (0, 1]; default 0.3, 0.5, 0.7 */
  readonly signalEfficiencies?: readonly number[];
  /** default `interpolated` */
  readonly estimator?: RejectionEstimator;
  /** confidence level of all intervals; default one standard deviation */
  readonly level?: number;
}

const OPTIONS: OptionNames<EvaluateOptions & Weighted> = {
  name: true,
  mass: true,
  signalEfficiencies: true,
  estimator: true,
  level: true,
  weights: true,
};

const ENOUGH = 100;
/** A sum of weights is this, in squares of its standard error, where it may as well be 0. */
const CANCELLING = 4;

/**
 * Evaluates one tagger. The result holds finite numbers only and survives `JSON.stringify`.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite, higher is more signal-like; not modified
 * @throws {JetError} as `cutCounts`, `delong` and, for a signal efficiency outside (0, 1], `rejectionOf`
 */
export function evaluate(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: EvaluateOptions & Weighted = {},
): EvaluationResult {
  return evaluateOf(countJets('evaluate', labels, scores, options, OPTIONS), options);
}

/** As `evaluate`: all figures from jets that are sorted once. */
export function evaluateOf(cuts: CountedJets, options: EvaluateOptions = {}): EvaluationResult {
  checkOptions('evaluate', options, OPTIONS);
  const { name = 'scores', mass, level = ONE_SIGMA } = options;
  const { auc, stdErr, interval } = delongOf(cuts, { level });
  const warnings: EvaluationWarning[] = [];
  if (cuts.negative > 0)
    warnings.push({
      code: 'negative-weights',
      message: `${cuts.negative} of ${cuts.jets} weights are negative: sums are signed, the ROC curve may turn back, errors come from a bootstrap`,
    });
  for (const [of, what] of [
    [cuts.ofSignal, 'signal'],
    [cuts.ofBackground, 'background'],
  ] as const)
    if (cuts.negative > 0 && effective(of) < CANCELLING)
      warnings.push({
        code: 'cancelling-weights',
        message: `the weights of the ${of.jets} ${what} jets sum to ${of.weight.toPrecision(3)} ± ${Math.sqrt(squaresOfFirst(of, of.jets)).toPrecision(3)}: they may as well sum to 0, and no figure means anything`,
      });
  if (auc < 0.5)
    warnings.push({
      code: 'auc-below-half',
      message: `AUC ${auc.toFixed(4)} is below 0.5: background scores higher than signal; are the scores or the labels flipped?`,
    });
  if (stdErr === 0)
    warnings.push({
      code: 'separated-classes',
      message: `the ${cuts.jets} jets are fully separated (AUC ${auc}): the standard error 0 is no measure of the uncertainty`,
    });
  const rejection = rejections(cuts, options, warnings);
  const { ofSignal, ofBackground } = cuts;
  const highest = Math.max(ofSignal.scores[0], ofBackground.scores[0]);
  const lowest = Math.min(ofSignal.scores[cuts.signal - 1], ofBackground.scores[cuts.background - 1]);
  const probabilities = lowest >= 0 && highest <= 1;
  if (!probabilities)
    warnings.push({
      code: 'outside-unit-interval',
      message: `scores go from ${lowest} to ${highest}, not from 0 to 1: the accuracy at 0.5 means little and there is no calibration`,
    });
  return {
    name,
    jets: cuts.jets,
    signal: cuts.signal,
    background: cuts.background,
    ...(cuts.weights === undefined
      ? {}
      : { effective: { signal: effective(ofSignal), background: effective(ofBackground) } }),
    auc,
    aucStdErr: stdErr,
    aucInterval: interval,
    accuracy: accuracyOf(cuts),
    bestAccuracy: bestAccuracyOf(cuts),
    rejection,
    ...areaOf(cuts),
    ...(cuts.background < ENOUGH
      ? {}
      : { significanceImprovement: maximumSignificanceImprovementOf(cuts, { minimumBackground: ENOUGH }) }),
    ...(probabilities ? { calibration: calibrationSummary(cuts) } : {}),
    ...(mass === undefined ? {} : sculpting(cuts, mass, warnings)),
    warnings,
  };
}

/** What the first jets of a class are worth without weights. */
const effective = (of: CutClass, jets = of.jets): number => weightOfFirst(of, jets) ** 2 / squaresOfFirst(of, jets);

function areaOf(cuts: CutCounts): { rejectionArea?: number } {
  try {
    return { rejectionArea: rejectionAreaOf(cuts) };
  } catch (error) {
    if (!isJetError(error, 'DEGENERATE_METRIC')) throw error;
    return {};
  }
}

function rejections(cuts: CutCounts, options: EvaluateOptions, warnings: EvaluationWarning[]): BackgroundRejection[] {
  const { signalEfficiencies = [0.3, 0.5, 0.7], estimator = 'interpolated', level = ONE_SIGMA } = options;
  const found: BackgroundRejection[] = [];
  for (const signalEfficiency of signalEfficiencies) {
    try {
      const point = backgroundRejectionOf(cuts, { signalEfficiency, estimator, level });
      found.push(point);
      const k = effective(cuts.ofBackground, point.falsePositives);
      if (k < ENOUGH)
        warnings.push({
          code: 'few-false-positives',
          message: `only ${point.falsePositives} background jets pass at ε_S = ${signalEfficiency}${k === point.falsePositives ? '' : `, worth ${k.toPrecision(2)} without weights`}: 1/ε_B = ${point.rejection.toPrecision(4)} is known to about ${Math.round(100 / Math.sqrt(k))} %`,
        });
      warnOfCoarseScores(cuts, point, warnings);
    } catch (error) {
      if (!isJetError(error, 'DEGENERATE_METRIC')) throw error;
      warnings.push({ code: 'no-false-positives', message: error.message });
    }
  }
  return found;
}

/** Warns where the jets tied at the working point move 1/ε_B out of its interval. */
function warnOfCoarseScores(
  cuts: CutCounts,
  { signalEfficiency, interval }: BackgroundRejection,
  warnings: EvaluationWarning[],
): void {
  if (cuts.negative > 0) return;
  const { ofBackground } = cuts;
  const { threshold, backgroundJets } = workingPoint(cuts, signalEfficiency, 'conservative');
  const before = passing(ofBackground, threshold, true);
  const efficiency = (count: number): number => weightOfFirst(ofBackground, count) / ofBackground.weight;
  const inside = efficiency(before) * interval.high >= 1 && efficiency(backgroundJets) * interval.low <= 1;
  if (inside || backgroundJets - before < 2) return;
  const estimates = REJECTION_ESTIMATORS.map((estimator) => {
    const { backgroundEfficiency } = workingPoint(cuts, signalEfficiency, estimator);
    return `${estimator} ${backgroundEfficiency > 0 ? (1 / backgroundEfficiency).toPrecision(4) : 'without limit'}`;
  });
  warnings.push({
    code: 'coarse-scores',
    message:
      `${backgroundJets - before} background jets share the score ${threshold} at ε_S = ${signalEfficiency}: ` +
      `1/ε_B is ${estimates.join(', ')}; were the scores rounded?`,
  });
}

function calibrationSummary(cuts: CountedJets): { expectedError: number; brier: number } {
  const { expectedError, brier } = calibrationOf(cuts);
  return { expectedError, brier };
}

function sculpting(
  cuts: CountedJets,
  mass: ArrayLike<number>,
  warnings: EvaluationWarning[],
): { massSculpting?: MassSculpting } {
  try {
    return { massSculpting: massSculptingOf(cuts, { mass }) };
  } catch (error) {
    if (!isJetError(error, 'DEGENERATE_METRIC')) throw error;
    warnings.push({ code: 'no-mass-sculpting', message: error.message });
    return {};
  }
}
