import { JetError } from '@jetsdk/jets';
import { float } from '@jetsdk/onnx';
import { type Emitter, physicalAxis, type Value } from '../graph/emitter.js';
import type { LayerRule, Weights } from './rule.js';

interface BatchNormalizationConfig {
  /** of the shape with the batch axis; may be negative */
  readonly axis: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
}

/** @throws {JetError} UNSUPPORTED unless the axis is that of the channels: tfjs' CPU backend computes any other wrongly */
function needLastAxis({ axis }: BatchNormalizationConfig, rank: number): void {
  if (axis !== -1 && axis !== rank)
    throw new JetError(
      'UNSUPPORTED',
      `BatchNormalization: axis ${axis} of an input of ${rank + 1} axes; supported: the last (tfjs 4.22 is wrong on others)`,
      { axis, rank },
    );
}

/** BatchNormalization as a factor and a shift for each channel. */
function affine({ epsilon }: BatchNormalizationConfig, weights: Weights): { scale: Float64Array; shift: Float64Array } {
  const { gamma, beta, moving_mean, moving_variance } = weights;
  const scale = Float64Array.from(
    moving_variance.data,
    (variance, i) => (gamma?.data[i] ?? 1) / Math.sqrt(variance + epsilon),
  );
  return { scale, shift: scale.map((factor, i) => (beta?.data[i] ?? 0) - moving_mean.data[i] * factor) };
}

/**
 * BatchNormalization at inference, with the moving statistics: ONNX BatchNormalization where the channels come
 * first in memory, else Mul and Add.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.batchNormalization
 * @see https://onnx.ai/onnx/operators/onnx__BatchNormalization.html
 */
export const batchNormalization: LayerRule<BatchNormalizationConfig> = {
  kind: 'BatchNormalization',
  supports: 'the last axis, with or without scale and centre',
  operators: ['BatchNormalization', 'Mul', 'Add'],

  parse(config) {
    // tf.keras 2 writes a list of one
    const [axis] = config.counts('axis', 1, [-1], -8);
    const parsed = {
      axis,
      epsilon: config.number('epsilon', 1e-3),
      center: config.boolean('center', true),
      scale: config.boolean('scale', true),
    };
    config.ignore('momentum');
    config.done();
    return parsed;
  },

  outputShape(config, [input]) {
    needLastAxis(config, input.length);
    return input;
  },

  weights(config, [input]) {
    const shape = input.slice(-1);
    return {
      ...(config.scale ? { gamma: shape } : {}),
      ...(config.center ? { beta: shape } : {}),
      moving_mean: shape,
      moving_variance: shape,
    };
  },

  forward(config, [x], weights) {
    const { gamma, beta, moving_mean, moving_variance } = weights;
    const data = x.data.map((value, i) => {
      const c = i % moving_mean.data.length;
      const normal = (value - moving_mean.data[c]) / Math.sqrt(moving_variance.data[c] + config.epsilon);
      return normal * (gamma?.data[c] ?? 1) + (beta?.data[c] ?? 0);
    });
    return { shape: x.shape, data };
  },

  emit(config, [x], weights, to: Emitter): Value {
    const channels = x.shape[x.shape.length - 1];
    if (physicalAxis(x, x.shape.length - 1) === 1) {
      const { gamma, beta, moving_mean, moving_variance } = weights;
      return to.map(
        'BatchNormalization',
        x,
        [
          to.floats('gamma', [channels], () => gamma?.data ?? new Float32Array(channels).fill(1)),
          to.floats('beta', [channels], () => beta?.data ?? new Float32Array(channels)),
          to.floats('moving_mean', [channels], () => moving_mean.data),
          to.floats('moving_variance', [channels], () => moving_variance.data),
        ],
        { epsilon: float(config.epsilon) },
      );
    }
    const { scale, shift } = affine(config, weights);
    const scaled = to.map('Mul', x, [to.floats('scale', [channels], () => Float32Array.from(scale))]);
    return to.map('Add', scaled, [to.floats('shift', [channels], () => Float32Array.from(shift))]);
  },
};
