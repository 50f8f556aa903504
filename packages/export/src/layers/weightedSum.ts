import { JetError } from '@jetsdk/jets';
import { int } from '@jetsdk/onnx';
import type { LayerRule } from './rule.js';

/**
 * The SDK's own layer: values times weights, summed over the last axis, which stays with length 1.
 *
 * @see https://onnx.ai/onnx/operators/onnx__ReduceSum.html
 */
export const weightedSum: LayerRule<null> = {
  kind: 'WeightedSum',
  supports: 'values and weights of one shape',
  operators: ['Mul', 'ReduceSum'],
  inputs: 2,

  parse(config) {
    config.done();
    return null;
  },

  outputShape(_, [values, weights]) {
    if (values.join() !== weights.join())
      throw new JetError('SHAPE_MISMATCH', `WeightedSum: values [n,${values}] and weights [n,${weights}]`, {
        values,
        weights,
      });
    return [...values.slice(0, -1), 1];
  },

  forward(_, [values, weights]) {
    const shape = weightedSum.outputShape(null, [values.shape, weights.shape]);
    const terms = values.shape[values.shape.length - 1];
    const data = new Float64Array(values.data.length / terms);
    values.data.forEach((value, i) => {
      data[Math.floor(i / terms)] += value * weights.data[i];
    });
    return { shape, data };
  },

  emit(_, [values, weights], __, to) {
    const [a, b] = [values, weights].map((one) => to.channelsLast(one));
    const products = to.node('Mul', [a, b], { shape: a.shape, layout: 'last' });
    return to.node(
      'ReduceSum',
      [products, to.int64s('last', [a.shape.length])],
      { shape: [...a.shape.slice(0, -1), 1], layout: 'last' },
      { keepdims: int(1) },
    );
  },
};
