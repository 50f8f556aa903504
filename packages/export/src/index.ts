export { parseCard, readCard, withCard } from './card.js';
export { type CertifyOptions, certify, type RunModel, type TensorData } from './certify.js';
export { type ExportedModel, type ExportedPort, type ExportOptions, exportModel } from './exportModel.js';
export { type DecodeLimits, decodeModel } from './onnx/decode.js';
export type * from './onnx/model.js';
