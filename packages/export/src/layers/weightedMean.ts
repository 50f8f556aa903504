import { JetError } from '@jetsdk/jets';
import { int } from '@jetsdk/onnx';
import type { LayerRule } from './rule.js';
import { applyActivation, emitActivation } from './shared/activations.js';

/**
 * The SDK's own layer: the mean of values over the last axis, which stays with length 1, weighted by the softmax of logits.
 *
 * @see https://onnx.ai/onnx/operators/onnx__ReduceSum.html
 */
export const weightedMean: LayerRule<null> = {
  kind: 'WeightedMean',
  supports: 'values and logits of one shape',
  operators: ['Softmax', 'Mul', 'ReduceSum'],
  inputs: 2,

  parse(config) {
    config.done();
    return null;
  },

  outputShape(_, [values, logits]) {
    if (values.join() !== logits.join())
      throw new JetError(
        'SHAPE_MISMATCH',
        `WeightedMean: values [n,${values}] and logits [n,${logits}]; expected one shape`,
        {
          values,
          logits,
        },
      );
    return [...values.slice(0, -1), 1];
  },

  forward(_, [values, logits]) {
    const shape = weightedMean.outputShape(null, [values.shape, logits.shape]);
    const weights = applyActivation('softmax', logits);
    const terms = values.shape[values.shape.length - 1];
    const data = new Float64Array(values.data.length / terms);
    values.data.forEach((value, i) => {
      data[Math.floor(i / terms)] += value * weights.data[i];
    });
    return { shape, data };
  },

  emit(_, [values, logits], __, to) {
    const [a, b] = [values, emitActivation('softmax', logits, to)].map((one) => to.channelsLast(one));
    const products = to.node('Mul', [a, b], { shape: a.shape, layout: 'last' });
    return to.node(
      'ReduceSum',
      [products, to.int64s('last', [a.shape.length])],
      { shape: [...a.shape.slice(0, -1), 1], layout: 'last' },
      { keepdims: int(1) },
    );
  },
};
