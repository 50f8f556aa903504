import { merge } from './shared/merge.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.maximum
 * @see https://onnx.ai/onnx/operators/onnx__Max.html
 */
export const maximum = merge('Maximum', 'Max', (a, b) => Math.max(a, b));
