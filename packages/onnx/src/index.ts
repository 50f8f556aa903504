export {
  CARD_KEY,
  cardFromJson,
  cardOf,
  cardText,
  checkCardPorts,
  GENERATOR_KEY,
  REGRESSOR_KEY,
  regressorCardFromJson,
} from './card.js';
export { readCard, readRegressorCard, withCard, withRegressorCard } from './cardFile.js';
export { type WholeModel, withExternalData } from './externalData.js';
export { firstFilters, type Kernels } from './firstFilters.js';
export {
  generatorCardFromJson,
  generatorCardText,
  readGeneratorCard,
  withGeneratorCard,
} from './generatorCard.js';
export {
  floatInitializer,
  floatsOf,
  int8Initializer,
  int32Initializer,
  int64Initializer,
  int64sOf,
  transpose,
  uint8Initializer,
} from './initializer.js';
export * from './model.js';
export type { ModelFile } from './modelFile.js';
export { type OnnxFacts, operatorsOf, type Precision, readOnnxFile } from './onnxFile.js';
export { dropDeadCode } from './passes/dropDeadCode.js';
export type { Pass } from './passes/links.js';
export { mergePooling } from './passes/mergePooling.js';
export { optimise, PASSES } from './passes/optimise.js';
export type { DecodeLimits } from './read/budget.js';
export { checkModel } from './read/check.js';
export { decodeModel, skimModel } from './read/decodeModel.js';
export { costLines, flopsText, type KnownCost } from './summary/costLines.js';
export { type InferredValue, type InferredValues, inferShapes } from './summary/inferShapes.js';
export type { GraphLayer } from './summary/layers.js';
export { type GraphCost, type GraphSummary, summariseGraph, totalFlops } from './summary/summariseGraph.js';
export { encodeModel } from './write/encodeModel.js';
export { patchModel } from './write/patchModel.js';
