export { parseCard } from '@jetsdk/jets';
export {
  type CertifiedModel,
  type CertifyExportOptions,
  certifiedExport,
  certifiedGraph,
  reducePrecision,
  type SelfContainedModel,
  withFacts,
  withPreprocessing,
} from './certified/certifiedExport.js';
export {
  type CertifiedRegressor,
  type CertifyRegressorOptions,
  certifiedRegressor,
  type RegressorFacts,
  withRegressorMetrics,
} from './certified/certifiedRegressor.js';
export { type CardFacts, type ModelIdentity, newCard } from './certified/newCard.js';
export { type CalibrationOptions, calibrationImages } from './certify/calibrationImages.js';
export { type CertifyOptions, certify } from './certify/certify.js';
export { type CertifyLoweredOptions, certifyLowered, type LoweredParity } from './certify/certifyLowered.js';
export type { Feeds, ModelInputs } from './certify/feeds.js';
export { madeUpInputs } from './certify/madeUpInputs.js';
export type { OpenModel, RunnableModel } from './certify/runnableModel.js';
export {
  type ExportedModel,
  type ExportedPort,
  type ExportOptions,
  exportModel,
  type InputShapes,
} from './exportModel.js';
export { exportGenerator } from './generator/exportGenerator.js';
export { exportOnePass } from './generator/exportOnePass.js';
export type { GeneratorExportOptions } from './generator/finishGenerator.js';
export { type ImportedWeights, importWeights } from './importWeights.js';
export { inspectModel, type ModelInspection } from './inspectModel.js';
export type { Shape } from './layers/rule.js';
export { networkCost } from './networkCost.js';
export { type LowerOptions, lowerRecipe } from './preprocessing/lowerRecipe.js';
export { type QuantiseOptions, quantise } from './quantise.js';
export { tritonConfig } from './tritonConfig.js';
