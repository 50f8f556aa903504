import { float } from '@jetsdk/onnx';
import { elementwise } from './shared/elementwise.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.elu
 * @see https://onnx.ai/onnx/operators/onnx__Elu.html
 */
export const eLU = elementwise(
  'ELU',
  'alpha 1, the only one tfjs has',
  ['Elu'],
  (config) => config.only('alpha', 1, 'the only one tfjs computes'),
  (_, x) => (x >= 0 ? x : Math.expm1(x)),
  (_, x, to) => to.map('Elu', x, [], { alpha: float(1) }),
);
