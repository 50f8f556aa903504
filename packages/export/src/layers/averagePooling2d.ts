import { pooling } from './shared/pooling.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.averagePooling2d
 * @see https://onnx.ai/onnx/operators/onnx__AveragePool.html
 */
export const averagePooling2d = pooling('AveragePooling2D', 'AveragePool', 2);
