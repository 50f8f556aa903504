/** @file What reads model files; pages fetch it with the first model, for protobufjs is as large as the rest of this package. */
export { sha256Hex } from '@jetsdk/jets';
export { GENERATOR_KEY, generatorCardFromJson, readOnnxFile, withExternalData } from '@jetsdk/onnx';
