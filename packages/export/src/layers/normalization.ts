import { JetError } from '@jetsdk/jets';
import type { LayerRule, Shape, Weights } from './rule.js';
import { axesOf, exampleAxes } from './shared/axes.js';
import { forEachIndex, stridesOf } from './shared/spatial.js';

interface NormalizationConfig {
  readonly axes: readonly number[];
  readonly invert: boolean;
}

/** Smallest standard deviation that is divided by, as in Keras. */
const EPSILON = 1e-7;

/** Lengths of the axes with means of their own, 1 elsewhere. */
const broadShape = ({ axes }: NormalizationConfig, input: Shape): number[] => {
  const own = exampleAxes(axes, input.length);
  return input.map((length, axis) => (own.includes(axis) ? length : 1));
};

const spreadOf = ({ variance }: Weights): Float32Array =>
  variance.data.map((value) => Math.max(Math.sqrt(value), EPSILON));

/** @see https://keras.io/api/layers/preprocessing_layers/numerical/normalization */
export const normalization: LayerRule<NormalizationConfig> = {
  kind: 'Normalization',
  supports: 'any axes but the batch, or none; inversion',
  operators: ['Sub', 'Div', 'Mul', 'Add'],

  parse(config) {
    const parsed = { axes: axesOf(config, 'axis', -1), invert: config.boolean('invert', false) };
    config.done();
    return parsed;
  },

  outputShape({ axes }, [input]) {
    const rank = input.length;
    if (exampleAxes(axes, rank).some((axis) => axis < 0 || axis >= rank))
      throw new JetError('SHAPE_MISMATCH', `Normalization: axes ${axes} of an input [n,${input}]`, { axes, input });
    return input;
  },

  weights({ axes }, [input]) {
    const shape = exampleAxes(axes, input.length).map((axis) => input[axis]);
    return { mean: shape, variance: shape };
  },

  forward(config, [x], weights) {
    const { mean } = weights;
    const spread = spreadOf(weights);
    const broad = broadShape(config, x.shape);
    const strides = stridesOf(broad).map((stride, axis) => (broad[axis] === 1 ? 0 : stride));
    const data = new Float64Array(x.data.length);
    let i = 0;
    forEachIndex(x.shape, (index) => {
      const at = index.reduce((sum, place, axis) => sum + place * strides[axis], 0);
      const value = x.data[i];
      data[i++] = config.invert ? value * spread[at] + mean.data[at] : (value - mean.data[at]) / spread[at];
    });
    return { shape: x.shape, data };
  },

  emit(config, [value], weights, to) {
    const x = to.channelsLast(value);
    const broad = broadShape(config, x.shape);
    const mean = to.floats('mean', broad, () => weights.mean.data);
    const spread = to.floats('spread', broad, () => spreadOf(weights));
    return config.invert
      ? to.map('Add', to.map('Mul', x, [spread]), [mean])
      : to.map('Div', to.map('Sub', x, [mean]), [spread]);
  },
};
