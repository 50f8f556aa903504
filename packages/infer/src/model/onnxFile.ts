/** @file What reads model files; pages fetch it with the first model, for protobufjs is as large as the rest of this package. */
export { readOnnxFile, withExternalData } from '@jetsdk/onnx';
