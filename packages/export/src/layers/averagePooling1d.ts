import { pooling } from './shared/pooling.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.averagePooling1d
 * @see https://onnx.ai/onnx/operators/onnx__AveragePool.html
 */
export const averagePooling1d = pooling('AveragePooling1D', 'AveragePool', 1);
