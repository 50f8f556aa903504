import { float } from '@jetsdk/onnx';
import { elementwise } from './shared/elementwise.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.thresholdedReLU
 * @see https://onnx.ai/onnx/operators/onnx__ThresholdedRelu.html
 */
export const thresholdedReLU = elementwise(
  'ThresholdedReLU',
  'any theta',
  ['ThresholdedRelu'],
  (config) => config.number('theta', 1),
  (theta, x) => (x > theta ? x : 0),
  (theta, x, to) => to.map('ThresholdedRelu', x, [], { alpha: float(theta) }),
);
