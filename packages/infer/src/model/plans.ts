/** @file What reads cards and recipes; pages fetch it with the first model. */
export { GENERATOR_KEY } from '@jetsdk/onnx/card';
export { makePlan } from './plan.js';
export { makeRegressorPlan } from './regressorPlan.js';
