import { JetError, sizeOf } from '@jetsdk/jets';
import { float } from '@jetsdk/onnx';
import type { LayerRule, Shape } from './rule.js';

interface GroupNormalizationConfig {
  /** −1: as many as there are channels */
  readonly groups: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
}

function groupsOf({ groups }: GroupNormalizationConfig, input: Shape): number {
  const channels = input[input.length - 1];
  const count = groups === -1 ? channels : groups;
  if (channels % count !== 0)
    throw new JetError('SHAPE_MISMATCH', `GroupNormalization: ${channels} channels in ${count} groups`, {
      channels,
      groups,
    });
  return count;
}

/**
 * GroupNormalization over the last axis: ONNX InstanceNormalization of groups.
 *
 * @see https://keras.io/api/layers/normalization_layers/group_normalization
 * @see https://onnx.ai/onnx/operators/onnx__InstanceNormalization.html
 */
export const groupNormalization: LayerRule<GroupNormalizationConfig> = {
  kind: 'GroupNormalization',
  supports: 'any number of groups of the last axis, with or without scale and centre',
  operators: ['Reshape', 'InstanceNormalization', 'Mul', 'Add'],

  parse(config) {
    const groups = config.integer('groups', 32);
    if (groups !== -1 && groups < 1) throw config.refuse('groups', '-1, or an integer of at least 1');
    const parsed = {
      groups,
      epsilon: config.number('epsilon', 1e-3),
      center: config.boolean('center', true),
      scale: config.boolean('scale', true),
    };
    config.done();
    return parsed;
  },

  outputShape(config, [input]) {
    groupsOf(config, input);
    return input;
  },

  weights({ center, scale }, [input]) {
    const channels = [input[input.length - 1]];
    return { ...(scale ? { gamma: channels } : {}), ...(center ? { beta: channels } : {}) };
  },

  forward(config, [x], { gamma, beta }) {
    const channels = x.shape[x.shape.length - 1];
    const groups = groupsOf(config, x.shape);
    const groupOf = (i: number): number => Math.floor((i % channels) / (channels / groups));
    const count = x.data.length / groups;
    const mean = new Float64Array(groups);
    const variance = new Float64Array(groups);
    x.data.forEach((value, i) => {
      mean[groupOf(i)] += value / count;
    });
    x.data.forEach((value, i) => {
      variance[groupOf(i)] += (value - mean[groupOf(i)]) ** 2 / count;
    });
    const data = x.data.map((value, i) => {
      const normal = (value - mean[groupOf(i)]) / Math.sqrt(variance[groupOf(i)] + config.epsilon);
      return normal * (gamma?.data[i % channels] ?? 1) + (beta?.data[i % channels] ?? 0);
    });
    return { shape: x.shape, data };
  },

  emit(config, [value], { gamma, beta }, to) {
    const x = to.channelsFirst(value);
    const channels = x.shape[x.shape.length - 1];
    const groups = groupsOf(config, x.shape);
    const grouped = to.reshape(x, { shape: [sizeOf(x.shape) / groups, groups], layout: 'first' });
    const ones = to.floats('ones', [groups], () => new Float32Array(groups).fill(1));
    const zeros = to.floats('zeros', [groups], () => new Float32Array(groups));
    const normal = to.map('InstanceNormalization', grouped, [ones, zeros], { epsilon: float(config.epsilon) });
    const y = to.reshape(normal, x);
    const dims = x.layout === 'first' ? [channels, ...x.shape.slice(1).map(() => 1)] : [channels];
    const scaled = gamma === undefined ? y : to.map('Mul', y, [to.floats('gamma', dims, () => gamma.data)]);
    return beta === undefined ? scaled : to.map('Add', scaled, [to.floats('beta', dims, () => beta.data)]);
  },
};
