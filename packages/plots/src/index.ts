export { type Binned, type BinnedClass, binValues, type ClassValues, totalOf } from './counts/binned.js';
export { classValues } from './counts/classValues.js';
export * from './counts/tally.js';
export { axisTitle, formatJets, formatPValue } from './parts/formatNumber.js';
export { type FrameBox, framesOf } from './parts/frames.js';
export { type PlotOptions, type Theme, themeSheet } from './parts/style.js';
export * from './pictures/confusionMatrix.js';
export * from './pictures/figuresInBins.js';
export * from './pictures/filters.js';
export {
  type BinnedHistogramOptions,
  binnedHistogram,
  type HistogramOptions,
  type HistogramPanel,
  type HistogramRowOptions,
  histogram,
  histogramRow,
} from './pictures/histogram.js';
export * from './pictures/history.js';
export * from './pictures/jetImage.js';
export * from './pictures/leaderboard.js';
export * from './pictures/learningCurve.js';
export type { NetworkLayer } from './pictures/networkGraph.js';
export * from './pictures/pixelCorrelation.js';
export { type PixelScaleOptions, type Pixels, pixelBytes, pixelDomain } from './pictures/pixels.js';
export * from './pictures/ratioHistogram.js';
export * from './pictures/recipeStrip.js';
export * from './pictures/rocCurve.js';
export * from './pictures/scoreDistribution.js';
export * from './pictures/significanceImprovement.js';
export * from './report/pictureBook.js';
export * from './report/report.js';
export * from './report/results.js';
