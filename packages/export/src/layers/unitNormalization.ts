import { JetError } from '@jetsdk/jets';
import { int, ints } from '@jetsdk/onnx';
import { physicalAxis } from '../graph/emitter.js';
import type { LayerRule } from './rule.js';
import { axesOf, exampleAxes } from './shared/axes.js';
import { forEachIndex, stridesOf } from './shared/spatial.js';

interface UnitNormalizationConfig {
  readonly axes: readonly number[];
  /** smallest length that is divided by */
  readonly epsilon: number;
}

/**
 * Division by the Euclidean length along some axes.
 *
 * @see https://keras.io/api/layers/normalization_layers/unit_normalization
 * @see https://onnx.ai/onnx/operators/onnx__ReduceL2.html
 */
export const unitNormalization: LayerRule<UnitNormalizationConfig> = {
  kind: 'UnitNormalization',
  supports: 'any axes but the batch',
  operators: ['ReduceL2', 'Max', 'Div'],

  parse(config) {
    const parsed = { axes: axesOf(config, 'axis', -1), epsilon: config.number('epsilon', 1e-12) };
    config.done();
    return parsed;
  },

  outputShape({ axes }, [input]) {
    const rank = input.length;
    if (exampleAxes(axes, rank).some((axis) => axis < 0 || axis >= rank))
      throw new JetError('SHAPE_MISMATCH', `UnitNormalization: axes ${axes} of an input [n,${input}]`, { axes, input });
    return input;
  },

  forward({ axes, epsilon }, [x]) {
    const over = exampleAxes(axes, x.shape.length);
    const strides = stridesOf(x.shape.map((length, axis) => (over.includes(axis) ? 1 : length)));
    const groups: number[] = [];
    const squares = new Float64Array(x.data.length);
    forEachIndex(x.shape, (index) => {
      const group = index.reduce((at, place, axis) => at + (over.includes(axis) ? 0 : place * strides[axis]), 0);
      squares[group] += x.data[groups.length] ** 2;
      groups.push(group);
    });
    const data = x.data.map((value, i) => value / Math.max(Math.sqrt(squares[groups[i]]), epsilon));
    return { shape: x.shape, data };
  },

  emit({ axes, epsilon }, [x], _, to) {
    const over = exampleAxes(axes, x.shape.length);
    const reduced = { shape: x.shape.map((length, axis) => (over.includes(axis) ? 1 : length)), layout: x.layout };
    const norm = to.node('ReduceL2', [x], reduced, {
      axes: ints(over.map((axis) => physicalAxis(x, axis)).sort((a, b) => a - b)),
      keepdims: int(1),
    });
    return to.map('Div', x, [to.map('Max', norm, [to.scalar('epsilon', epsilon)])]);
  },
};
