/** @file What corrected jets are worth: bias, resolution, correlation; pure functions for any runtime. */
export { correctedFigures, type JetObservable, logRatioLoss, type ObservableFigures } from './correctedFigures.js';
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
