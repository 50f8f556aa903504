export * from './challenge/index.js';
export { type CutClass, type CutCounts, CutCursor, cutCounts, distinctScores, passing } from './core/cutCounts.js';
export { type EvaluateOptions, type EvaluationResult, type EvaluationWarning, evaluate } from './evaluate.js';
export {
  accuracy,
  accuracyOf,
  type BestAccuracy,
  bestAccuracy,
  bestAccuracyOf,
} from './metrics/accuracy.js';
export { auc, aucOf, partialAuc } from './metrics/auc.js';
export {
  type BackgroundRejection,
  backgroundRejection,
  REJECTION_ESTIMATORS,
  type RejectionEstimator,
  type RejectionOptions,
  rejectionOf,
} from './metrics/backgroundRejection.js';
export { type Calibration, calibration, type ReliabilityBin } from './metrics/calibration.js';
export {
  type MassBin,
  type MassSculpting,
  type MassSculptingOptions,
  massBinnedRejection,
  massSculpting,
} from './metrics/massSculpting.js';
export {
  type MultiClass,
  type MultiClassOptions,
  multiClass,
  oneVsOneScores,
  type TwoClasses,
} from './metrics/multiClass.js';
export { type PrecisionRecall, precisionRecall } from './metrics/precisionRecall.js';
export { rejectionArea } from './metrics/rejectionArea.js';
export { type Roc, roc, thinRoc } from './metrics/roc.js';
export {
  maximumSignificanceImprovement,
  type SignificanceCurve,
  type SignificancePoint,
  significanceImprovement,
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
  type DelongPlacements,
  delong,
  delongOf,
  delongPlacements,
  type PairedDelong,
  pairedDelong,
  pairedDelongOf,
} from './uncertainty/delong.js';
export { ensembleScores, type RunSummary, summariseRuns } from './uncertainty/runs.js';
