/** @file What corrected jets are worth: bias, resolution, correlation; pure functions for any runtime. */
export {
  binEdges,
  type CorrectedObservable,
  type CorrectionBins,
  type CorrectionPair,
  type CorrectionResult,
  type CorrectionWay,
  compareCorrections,
} from './compareCorrections.js';
export {
  correctedComparisons,
  correctedFigures,
  type JetObservable,
  logRatioLoss,
  type ObservableFigures,
  type OtherWay,
  type WayComparison,
} from './correctedFigures.js';
export {
  type Estimate,
  type PairedEstimate,
  pairedRegression,
  type Regression,
  type RegressionBin,
  type RegressionFigure,
  type RegressionOptions,
  regression,
  regressionInBins,
} from './regression.js';
