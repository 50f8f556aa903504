import { globalPooling } from './shared/globalPooling.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.globalAveragePooling1d
 * @see https://onnx.ai/onnx/operators/onnx__ReduceMean.html
 */
export const globalAveragePooling1d = globalPooling('GlobalAveragePooling1D', 'ReduceMean', 1);
