export type { NamedInputs } from './chunk.js';
export type { LoadOptions } from './load.js';
export { listDevices, loadTagger, runModel } from './node.js';
export type { InputPlan, ModelHints, ReadoutPlan } from './plan.js';
export { CARD_KEY } from './readCard.js';
export type { DeviceReport } from './reportDevice.js';
export type { Device, Tensor } from './runtime.js';
export type { ModelSource } from './source.js';
export type { JetArrays, Scorable, ScoreBatch, ScoreOptions, SelfTest, Tagger, TaggerInfo } from './tagger.js';
