import { globalPooling } from './shared/globalPooling.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.globalAveragePooling2d
 * @see https://onnx.ai/onnx/operators/onnx__ReduceMean.html
 */
export const globalAveragePooling2d = globalPooling('GlobalAveragePooling2D', 'ReduceMean', 2);
