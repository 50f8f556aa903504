/**
 * @file Keras 2, within TensorFlow or not.
 *
 * @see https://github.com/keras-team/tf-keras
 */
import type { Dialect } from './dialect.js';
import { ACTIVATIONS, LAYER_ROWS } from './layerRows.js';

export const keras2: Dialect = {
  name: 'Keras 2',
  layers: {
    ...LAYER_ROWS,
    InputLayer: { only: { sparse: [false], ragged: [false], type_spec: [null] } },
    LeakyReLU: { keys: ['alpha'] },
    ThresholdedReLU: { keys: ['theta'] },
    UnitNormalization: { keys: ['axis'], added: { epsilon: 1e-6 } },
    LocallyConnected2D: {
      keys: ['filters', 'kernel_size', 'strides'],
      only: { padding: ['valid'], data_format: ['channels_last', null], use_bias: [true], implementation: [1, 2] },
      finish: ({ activation, ...config }) => (activation === 'linear' ? config : undefined),
    },
  },
  activations: {
    ...ACTIVATIONS,
    // max(0, min(1, 0.2 x + 0.5))
    hard_sigmoid: 'hard_sigmoid',
  },
};
