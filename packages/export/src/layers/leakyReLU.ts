import { float } from '@jetsdk/onnx';
import { elementwise } from './shared/elementwise.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.leakyReLU
 * @see https://onnx.ai/onnx/operators/onnx__LeakyRelu.html
 */
export const leakyReLU = elementwise(
  'LeakyReLU',
  'any alpha',
  ['LeakyRelu'],
  (config) => config.number('alpha', 0.3),
  (alpha, x) => (x > 0 ? x : alpha * x),
  (alpha, x, to) => to.map('LeakyRelu', x, [], { alpha: float(alpha) }),
);
