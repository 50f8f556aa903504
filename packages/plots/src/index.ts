export { type Binned, type BinnedClass, binValues, type ClassValues, totalOf } from './binned.js';
export * from './confusionMatrix.js';
export * from './filters.js';
export {
  type BinnedHistogramOptions,
  binnedHistogram,
  type HistogramOptions,
  type HistogramPanel,
  type HistogramRowOptions,
  histogram,
  histogramRow,
} from './histogram.js';
export * from './history.js';
export * from './jetImage.js';
export * from './leaderboard.js';
export * from './pictureBook.js';
export * from './pixelCorrelation.js';
export * from './recipeStrip.js';
export * from './report.js';
export * from './results.js';
export * from './rocCurve.js';
export * from './scoreDistribution.js';
export * from './significanceImprovement.js';
export { type PlotOptions, type Theme, themeSheet } from './style.js';
export * from './tally.js';
