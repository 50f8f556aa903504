import { merge } from './shared/merge.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.multiply
 * @see https://onnx.ai/onnx/operators/onnx__Mul.html
 */
export const multiply = merge('Multiply', 'Mul', (a, b) => a * b);
