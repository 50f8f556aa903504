import { merge } from './shared/merge.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.minimum
 * @see https://onnx.ai/onnx/operators/onnx__Min.html
 */
export const minimum = merge('Minimum', 'Min', (a, b) => Math.min(a, b));
