export type { Precision } from '@jetsdk/onnx';
export type { DeviceComparison } from './devices/compareDevices.js';
export type { DeviceReport } from './devices/reportDevice.js';
export { generatedArrays } from './generation/generatedArrays.js';
export type { Generated, GeneratedTensor, Generator, GeneratorInfo } from './generation/generator.js';
export type { GeneratorLoadOptions } from './generation/loadGenerator.js';
export type { ConditionValue, GenerateOptions, GenerateRequest } from './generation/request.js';
export type { InputPlan, ModelHints, ReadoutPlan } from './model/plan.js';
export { isServedModel } from './model/servedModel.js';
export type { ModelSource, ReadModelOptions } from './model/source.js';
export {
  compareDevices,
  listDevices,
  loadGenerator,
  loadRegressor,
  loadTagger,
  openModel,
  readModel,
} from './node/entry.js';
export type { LoadOptions, LoadRegressorOptions } from './options.js';
export type { RunnableModel } from './reference.js';
export type { Device, Optimisation } from './runtime/runtime.js';
export type { NamedInputs } from './scoring/chunk.js';
export { type CorrectedBlock, type CorrectOptions, correctedArrays, correctJets } from './scoring/correctJets.js';
export { namedInputs } from './scoring/namedInputs.js';
export type { CorrectedBatch, CorrectedImages, Regressor, RegressorInfo } from './scoring/regressor.js';
export type {
  JetArrays,
  PassedOver,
  Probabilities,
  Scorable,
  ScoreBatch,
  ScoreOptions,
  SelfTest,
  Tagger,
  TaggerInfo,
} from './scoring/tagger.js';
