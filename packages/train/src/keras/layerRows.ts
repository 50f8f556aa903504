/** @file The layers that Keras 2 and 3 write alike. */
import { isObject } from '@jetsdk/jets/json';
import type { Json, LayerRow } from './dialect.js';

const LAST = { data_format: ['channels_last', null] };
const window = ['kernel_size', 'strides', 'padding', 'use_bias'];
const pooling: LayerRow = { keys: ['pool_size', 'strides', 'padding'], only: LAST };
const overAll: LayerRow = { only: { ...LAST, keepdims: [false] } };
const merging: LayerRow = {};
const noise = ['seed', 'noise_shape'];
const recurrent: LayerRow = {
  keys: [
    'units',
    'use_bias',
    'dropout',
    'recurrent_dropout',
    'return_sequences',
    'return_state',
    'go_backwards',
    'stateful',
  ],
  only: { time_major: [false], zero_output_for_mask: [false] },
  dropped: ['implementation', 'unroll', 'seed', 'use_cudnn'],
};

/** One axis is written as a number, or in a list. */
const oneAxis = ({ axis, ...config }: Json): Json => ({
  ...config,
  axis: Array.isArray(axis) && axis.length === 1 ? (axis[0] as unknown) : axis,
});

/** What a rectifier with a slope below 0 is called. */
const rectifier = ({ negative_slope: slope = 0, max_value: most, ...config }: Json): Json | undefined => {
  if (slope === 0 || slope === null) return { ...config, ...(typeof most === 'number' && { max_value: most }) };
  return undefined;
};

/** Whether the layer that goes backwards is the other one turned round, as it is unless it was given. */
function isReversed(backward: unknown, { layer }: Json): boolean {
  if (backward === undefined || backward === null) return true;
  const own = isObject(backward) && isObject(backward['config']) ? backward['config'] : {};
  const inner = isObject(layer) && isObject(layer['config']) ? layer['config'] : {};
  return (
    ['units', 'use_bias', 'return_sequences'].every((key) => own[key] === inner[key]) && own['go_backwards'] === true
  );
}

export const LAYER_ROWS: Readonly<Record<string, LayerRow>> = {
  Dense: { keys: ['units', 'use_bias'] },
  EinsumDense: { keys: ['equation', 'output_shape', 'bias_axes'] },
  Activation: {},
  ReLU: { keys: ['max_value', 'negative_slope'], only: { threshold: [0, null] }, finish: rectifier },
  PReLU: { keys: ['shared_axes'] },
  ELU: { keys: ['alpha'] },
  Softmax: { keys: ['axis'], finish: oneAxis },
  Conv1D: { keys: ['filters', ...window, 'dilation_rate'], only: { ...LAST, groups: [1] } },
  Conv2D: { keys: ['filters', ...window, 'dilation_rate'], only: { ...LAST, groups: [1] } },
  Conv2DTranspose: {
    keys: ['filters', ...window],
    only: { ...LAST, groups: [1], output_padding: [null], dilation_rate: [[1, 1]] },
  },
  SeparableConv2D: {
    keys: ['filters', 'depth_multiplier', ...window, 'dilation_rate'],
    only: { ...LAST, groups: [1] },
    dropped: ['kernel_initializer', 'kernel_regularizer', 'kernel_constraint'],
  },
  DepthwiseConv2D: {
    keys: ['depth_multiplier', ...window],
    only: { ...LAST, groups: [1], dilation_rate: [[1, 1]] },
    dropped: ['filters', 'kernel_initializer', 'kernel_regularizer', 'kernel_constraint'],
  },
  MaxPooling1D: pooling,
  MaxPooling2D: pooling,
  AveragePooling1D: pooling,
  AveragePooling2D: pooling,
  GlobalAveragePooling1D: overAll,
  GlobalAveragePooling2D: overAll,
  GlobalMaxPooling1D: overAll,
  GlobalMaxPooling2D: overAll,
  BatchNormalization: {
    keys: ['axis', 'momentum', 'epsilon', 'center', 'scale'],
    only: { renorm: [false], synchronized: [false], adjustment: [null] },
    dropped: ['fused', 'virtual_batch_size', 'renorm_clipping', 'renorm_momentum'],
    finish: oneAxis,
  },
  LayerNormalization: { keys: ['axis', 'epsilon', 'center', 'scale'], only: { rms_scaling: [false] } },
  GroupNormalization: {
    keys: ['groups', 'axis', 'epsilon', 'center', 'scale'],
    finish: ({ axis, ...config }) => (axis === -1 || axis === undefined ? config : undefined),
  },
  Normalization: { keys: ['axis', 'mean', 'variance', 'invert'] },
  Rescaling: {
    keys: ['scale', 'offset'],
    finish: (config) =>
      typeof config['scale'] === 'number' && typeof config['offset'] === 'number' ? config : undefined,
  },
  Dropout: { keys: ['rate', ...noise] },
  SpatialDropout1D: { keys: ['rate'], dropped: noise },
  SpatialDropout2D: { keys: ['rate'], only: LAST, dropped: noise },
  GaussianNoise: { keys: ['stddev'], dropped: noise },
  GaussianDropout: { keys: ['rate'], dropped: noise },
  AlphaDropout: { keys: ['rate'], only: { noise_shape: [null] }, dropped: noise },
  Flatten: { only: LAST },
  Reshape: { keys: ['target_shape'] },
  Permute: { keys: ['dims'] },
  RepeatVector: { keys: ['n'] },
  ZeroPadding2D: { keys: ['padding'], only: LAST },
  Cropping2D: { keys: ['cropping'], only: LAST },
  UpSampling2D: { keys: ['size', 'interpolation'], only: LAST },
  Add: merging,
  Subtract: merging,
  Multiply: merging,
  Average: merging,
  Maximum: merging,
  Minimum: merging,
  Concatenate: { keys: ['axis'] },
  Dot: { keys: ['axes', 'normalize'] },
  Embedding: {
    keys: ['input_dim', 'output_dim', 'mask_zero', 'input_length'],
    only: { sparse: [false] },
  },
  MultiHeadAttention: {
    keys: ['num_heads', 'key_dim', 'value_dim', 'use_bias', 'dropout', 'output_shape', 'seed'],
    only: { attention_axes: [null, [1]] },
    dropped: ['query_shape', 'key_shape', 'value_shape'],
    tensors: ['value', 'key'],
    finish: ({ output_shape: outputs, seed, ...config }) => {
      const [width = null, ...more] = [outputs].flat();
      return more.length > 0 ? undefined : { ...config, output_dim: width, ...(typeof seed === 'number' && { seed }) };
    },
  },
  // this one is trained, but not exported
  Masking: { keys: ['mask_value'] },
  SimpleRNN: recurrent,
  LSTM: { ...recurrent, keys: [...(recurrent.keys ?? []), 'unit_forget_bias'] },
  GRU: {
    ...recurrent,
    keys: [...(recurrent.keys ?? []), 'reset_after'],
    as: ({ reset_after: after }) => (after === true ? 'ResetAfterGRU' : 'GRU'),
  },
  Bidirectional: {
    inner: 'layer',
    keys: ['merge_mode', 'backward_layer'],
    finish: ({ backward_layer: backward, ...config }) => (isReversed(backward, config) ? config : undefined),
  },
  TimeDistributed: { wraps: 'Dense' },
};

/** Activation functions that Keras 2 and 3 mean alike. */
export const ACTIVATIONS: Readonly<Record<string, string>> = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu6',
  leaky_relu: 'leaky_relu',
  elu: 'elu',
  selu: 'selu',
  sigmoid: 'sigmoid',
  softplus: 'softplus',
  softsign: 'softsign',
  tanh: 'tanh',
  softmax: 'softmax',
  log_softmax: 'log_softmax',
  exponential: 'exponential',
  gelu: 'gelu',
  mish: 'mish',
  swish: 'swish',
  silu: 'swish',
};
