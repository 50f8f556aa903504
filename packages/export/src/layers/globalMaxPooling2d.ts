import { globalPooling } from './shared/globalPooling.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.globalMaxPooling2d
 * @see https://onnx.ai/onnx/operators/onnx__ReduceMax.html
 */
export const globalMaxPooling2d = globalPooling('GlobalMaxPooling2D', 'ReduceMax', 2);
