import { pooling } from './shared/pooling.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.maxPooling1d
 * @see https://onnx.ai/onnx/operators/onnx__MaxPool.html
 */
export const maxPooling1d = pooling('MaxPooling1D', 'MaxPool', 1);
