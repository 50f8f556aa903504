/** @file What the package gives to Node and to browsers alike. */
export { artifactsOf, modelOf } from './artifacts.js';
export type { Augmentation } from './augment.js';
export type { BackendName, SelectedBackend } from './backend/backend.js';
export type { Examples, Inputs } from './examples.js';
export { type BatchProgress, type FitOptions, type FitResult, type FitState, fit } from './fit.js';
export * from './history.js';
export * from './layers/index.js';
export type { OptimizerChoice } from './optimizer.js';
export { predict } from './predict.js';
export type { Schedule } from './schedule.js';
export * from './split.js';
export { flatWeights } from './weights.js';
export * from './zoo/index.js';
