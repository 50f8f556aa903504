/** @file What reads model files; pages fetch it with the first model, for protobufjs is as large as the rest of this package. */
export {
  CARD_KEY,
  GENERATOR_KEY,
  generatorCardFromJson,
  REGRESSOR_KEY,
  readOnnxFile,
  withExternalData,
} from '@jetsdk/onnx';
