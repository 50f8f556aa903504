/** @file What the package gives to Node and to browsers alike. */

export type { BackendName, SelectedBackend } from './backend/backend.js';
export type { Augmentation } from './data/augment.js';
export type { Examples } from './data/examples.js';
export { type BatchChange, type InputRows, type Inputs, takeInputs } from './data/inputs.js';
export * from './data/split.js';
export { type BatchProgress, type FitOptions, type FitResult, type FitState, fit } from './fit/fit.js';
export * from './fit/history.js';
export { flatWeights } from './fit/jetWeights.js';
export type { OptimizerChoice, OptimizerState } from './fit/optimizer.js';
export { predict } from './fit/predict.js';
export type { Schedule } from './fit/schedule.js';
export * from './layers/index.js';
export { artifactsOf, modelOf } from './model/artifacts.js';
export { type LayerRow, layerTable } from './model/layerTable.js';
export { type BuildOptions, buildNetwork } from './networks/buildNetwork.js';
export { lineOfLayer } from './networks/layerLines.js';
export type { Layers } from './networks/layers.js';
export * from './networks/network.js';
export { flatSettings } from './networks/settings.js';
export * from './zoo/index.js';
