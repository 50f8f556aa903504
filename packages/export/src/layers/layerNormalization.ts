import { JetError, sizeOf } from '@jetsdk/jets';
import { float, int, ints } from '@jetsdk/onnx';
import type { LayerRule, Shape } from './rule.js';
import { forEachIndex, stridesOf } from './shared/spatial.js';

interface LayerNormalizationConfig {
  /** of the shape with the batch axis */
  readonly axes: readonly number[];
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
}

/** The normalised axes of one example, rising. */
function exampleAxes({ axes }: LayerNormalizationConfig, rank: number): number[] {
  const found = axes.map((axis) => (axis < 0 ? axis + rank : axis - 1));
  if (found.some((axis, i) => axis < 0 || axis >= rank || (i > 0 && axis <= found[i - 1])))
    throw new JetError(
      'UNSUPPORTED',
      `LayerNormalization: axes ${axes} of ${rank + 1}; supported: rising ones, without the batch`,
      {
        axes,
        rank,
      },
    );
  return found;
}

/** Shape of the weights, with axes of length 1 so that they can be broadcast. */
function weightShape(axes: readonly number[], input: Shape): number[] {
  return input.map((length, axis) => (axes.includes(axis) ? length : 1));
}

/**
 * LayerNormalization: the ONNX operator where the axes are the last ones, else its definition.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.layerNormalization
 * @see https://onnx.ai/onnx/operators/onnx__LayerNormalization.html
 */
export const layerNormalization: LayerRule<LayerNormalizationConfig> = {
  kind: 'LayerNormalization',
  supports: 'any axes in rising order but the batch, with or without scale and centre',
  operators: ['LayerNormalization', 'ReduceMean', 'Sub', 'Mul', 'Add', 'Sqrt', 'Div'],

  parse(config) {
    const axis = config.value('axis') ?? -1;
    const axes: readonly unknown[] = Array.isArray(axis) ? axis : [axis];
    const parsed = {
      epsilon: config.number('epsilon', 1e-3),
      center: config.boolean('center', true),
      scale: config.boolean('scale', true),
    };
    config.done();
    if (axes.length === 0 || !axes.every((one) => Number.isInteger(one) && one !== 0))
      throw config.refuse('axis', 'an axis, or a list of axes, none of them the batch');
    return { axes: axes.map(Number), ...parsed };
  },

  outputShape(config, [input]) {
    exampleAxes(config, input.length);
    return input;
  },

  weights(config, [input]) {
    const shape = exampleAxes(config, input.length).map((axis) => input[axis]);
    return { ...(config.scale ? { gamma: shape } : {}), ...(config.center ? { beta: shape } : {}) };
  },

  forward(config, [x], { gamma, beta }) {
    const axes = exampleAxes(config, x.shape.length);
    const own = stridesOf(weightShape(axes, x.shape));
    const others = stridesOf(x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length)));
    const places: { group: number; weight: number }[] = [];
    forEachIndex(x.shape, (index) => {
      const at = { group: 0, weight: 0 };
      index.forEach((position, axis) => {
        if (axes.includes(axis)) at.weight += position * own[axis];
        else at.group += position * others[axis];
      });
      places.push(at);
    });
    const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
    const mean = new Float64Array(x.data.length / count);
    const variance = new Float64Array(mean.length);
    x.data.forEach((value, i) => {
      mean[places[i].group] += value / count;
    });
    x.data.forEach((value, i) => {
      variance[places[i].group] += (value - mean[places[i].group]) ** 2 / count;
    });
    const data = x.data.map((value, i) => {
      const { group, weight } = places[i];
      const normal = (value - mean[group]) / Math.sqrt(variance[group] + config.epsilon);
      return normal * (gamma?.data[weight] ?? 1) + (beta?.data[weight] ?? 0);
    });
    return { shape: x.shape, data };
  },

  emit(config, [value], { gamma, beta }, to) {
    const x = to.channelsLast(value);
    const axes = exampleAxes(config, x.shape.length);
    const lengths = axes.map((axis) => x.shape[axis]);
    const count = sizeOf(lengths);
    if (axes[0] === x.shape.length - axes.length) {
      const scale = to.floats('gamma', lengths, () => gamma?.data ?? new Float32Array(count).fill(1));
      const shift = beta === undefined ? [] : [to.floats('beta', lengths, () => beta.data)];
      return to.map('LayerNormalization', x, [scale, ...shift], {
        axis: int(axes[0] + 1),
        epsilon: float(config.epsilon),
      });
    }
    const reduced = {
      shape: x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length)),
      layout: 'last',
    } as const;
    const over = { axes: ints(axes.map((axis) => axis + 1)), keepdims: int(1) };
    const centred = to.map('Sub', x, [to.node('ReduceMean', [x], reduced, over)]);
    const variance = to.node('ReduceMean', [to.map('Mul', centred, [centred])], reduced, over);
    const spread = to.map('Sqrt', to.map('Add', variance, [to.scalar('epsilon', config.epsilon)]));
    const normal = to.map('Div', centred, [spread]);
    const dims = weightShape(axes, x.shape);
    const scaled = gamma === undefined ? normal : to.map('Mul', normal, [to.floats('gamma', dims, () => gamma.data)]);
    return beta === undefined ? scaled : to.map('Add', scaled, [to.floats('beta', dims, () => beta.data)]);
  },
};
