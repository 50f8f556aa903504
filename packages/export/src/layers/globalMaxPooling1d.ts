import { globalPooling } from './shared/globalPooling.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.globalMaxPooling1d
 * @see https://onnx.ai/onnx/operators/onnx__ReduceMax.html
 */
export const globalMaxPooling1d = globalPooling('GlobalMaxPooling1D', 'ReduceMax', 1);
