/** @file What generated jets and showers are worth: distances, tests, coverage; pure functions for any runtime. */
export { type BoostedTrees, type BoostOptions, boostTrees } from './boostedTrees.js';
export { type ConditionBin, type Conditioned, conditionalMoments, type Moments } from './conditional.js';
export {
  type CoverageOptions,
  type CoverageResult,
  coverage,
  type Memorisation,
  memorisation,
  type Nearest,
  nearestRows,
} from './coverage.js';
export {
  type Distance,
  type FrechetOptions,
  frechetDistance,
  frechetPhysicsDistance,
} from './frechet.js';
export {
  type BootstrapDistance,
  type Separation,
  type SeparationOptions,
  separationPower,
  type WassersteinOptions,
  wasserstein,
} from './histograms.js';
export {
  compareJetImages,
  type JetImageComparison,
  type JetImageSample,
  observablesOfJetImages,
} from './jetImages.js';
export { type KernelOptions, kernelDistance, kernelPhysicsDistance } from './kernelDistance.js';
export {
  type GenerationFigures,
  generationFigures,
  generatorMetrics,
  jetImageCells,
  type Measured,
  measuredJetImages,
  measuredShowers,
  memorisedCells,
  nearestCells,
  showerCells,
} from './measure.js';
export { type ObservableDistance, type Observables, observableDistances, tableOf } from './observables.js';
export type { Rows, Sample, ScaleOptions } from './sample.js';
export { type SampleDistances, sampleDistances } from './sampleDistances.js';
export {
  compareShowers,
  observablesOfShowers,
  type ShowerComparison,
  type ShowerSample,
} from './showers.js';
export { type TwoSampleOptions, type TwoSampleResult, twoSampleTest } from './twoSample.js';
