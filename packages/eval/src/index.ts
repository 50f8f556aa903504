export { type Baseline, baselines, type JetsInGev } from './baselines.js';
export { cardMetrics, type MeasuredFile } from './cardMetrics.js';
export type { ClassOptions, ClassScores } from './core/classScores.js';
export {
  type CountedJets,
  type CutClass,
  type CutCounts,
  CutCursor,
  cutCounts,
  distinctScores,
  passing,
} from './core/cutCounts.js';
export { REJECTION_ESTIMATORS, type RejectionEstimator } from './core/estimator.js';
export type { Weighted } from './core/inputs.js';
export {
  type EvaluateOptions,
  type EvaluationResult,
  type EvaluationWarning,
  evaluate,
  evaluateOf,
} from './evaluate.js';
export {
  type ComparedTaggers,
  type EvaluatedTagger,
  type EvaluatedTaggers,
  type EvaluateTaggersOptions,
  evaluateTaggers,
  type NamedCurve,
  type NamedScores,
} from './evaluateTaggers.js';
export {
  type AccuracyOptions,
  accuracy,
  accuracyOf,
  type BestAccuracy,
  bestAccuracy,
  bestAccuracyOf,
} from './metrics/accuracy.js';
export { auc, aucOf, type PartialAucOptions, partialAuc, partialAucOf } from './metrics/auc.js';
export {
  type BackgroundRejection,
  backgroundRejection,
  backgroundRejectionOf,
  type RejectionOptions,
} from './metrics/backgroundRejection.js';
export {
  type Calibration,
  type CalibrationOptions,
  calibration,
  calibrationOf,
  type ReliabilityBin,
} from './metrics/calibration.js';
export { type Confusion, type ConfusionOptions, confusion, type Share } from './metrics/confusion.js';
export {
  type MassBin,
  type MassBinnedOptions,
  type MassSculpting,
  type MassSculptingOptions,
  massBinnedRejection,
  massBinnedRejectionOf,
  massSculpting,
  massSculptingOf,
} from './metrics/massSculpting.js';
export {
  type AucWithError,
  type MultiClass,
  type MultiClassOptions,
  multiClass,
  type OneVsOne,
  type OneVsRest,
  oneVsOne,
  pairedMultiClass,
} from './metrics/multiClass.js';
export { type PrecisionRecall, precisionRecall, precisionRecallOf } from './metrics/precisionRecall.js';
export { type RejectionAreaOptions, rejectionArea, rejectionAreaOf } from './metrics/rejectionArea.js';
export { type Roc, type RocOptions, roc, rocOf, thinRoc } from './metrics/roc.js';
export {
  type MaximumSignificanceOptions,
  maximumSignificanceImprovement,
  maximumSignificanceImprovementOf,
  type SignificanceCurve,
  type SignificancePoint,
  significanceImprovement,
  significanceImprovementOf,
} from './metrics/significanceImprovement.js';
export {
  clopperPearson,
  effectiveCount,
  type Interval,
  ONE_SIGMA,
  poissonInterval,
} from './uncertainty/binomial.js';
export {
  type BootstrapMetric,
  type BootstrapOptions,
  type BootstrapResult,
  bootstrap,
} from './uncertainty/bootstrap.js';
export {
  type AucInterval,
  type Delong,
  type DelongOptions,
  delong,
  delongOf,
  type PairedDelong,
  type Placements,
  pairedDelong,
  pairedDelongOf,
  placements,
  placementsOf,
} from './uncertainty/delong.js';
export { type PairedRejection, pairedRejection } from './uncertainty/pairedRejection.js';
export { ensembleScores, type RunSummary, summariseRuns } from './uncertainty/runs.js';
