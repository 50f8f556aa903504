export type { DecodeLimits } from './budget.js';
export { cardOf, cardText, checkCardPorts, readCard, withCard } from './card.js';
export { CARD_KEY, cardFromJson } from './cardJson.js';
export { checkModel } from './check.js';
export { decodeModel } from './decode.js';
export { encodeModel } from './encode.js';
export { type WholeModel, withExternalData } from './externalData.js';
export { firstFilters, type Kernels } from './firstFilters.js';
export * from './model.js';
export { MAX_MODEL_BYTES, type ModelFile } from './modelFile.js';
export { type OnnxFacts, type Precision, readOnnxFile } from './onnxFile.js';
export { dropDeadCode } from './passes/dropDeadCode.js';
export { mergePooling } from './passes/mergePooling.js';
export { optimise, PASSES } from './passes/optimise.js';
export {
  floatsOf,
  floatTensor,
  int8Tensor,
  int32Tensor,
  int64sOf,
  int64Tensor,
  size,
  transpose,
  uint8Tensor,
} from './tensor.js';
