import { pooling } from './shared/pooling.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.maxPooling2d
 * @see https://onnx.ai/onnx/operators/onnx__MaxPool.html
 */
export const maxPooling2d = pooling('MaxPooling2D', 'MaxPool', 2);
