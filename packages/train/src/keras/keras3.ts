/**
 * @file Keras 3.
 *
 * @see https://github.com/keras-team/keras
 */
import type { Dialect, LayerRow } from './dialect.js';
import { ACTIVATIONS, LAYER_ROWS } from './layerRows.js';

/** Weights that are stored or trained in another form. */
const PLAIN = { lora_rank: [null], lora_alpha: [null], quantization_config: [null] };

const withPlainWeights = (kind: string): LayerRow => ({
  ...LAYER_ROWS[kind],
  only: { ...LAYER_ROWS[kind]?.only, ...PLAIN },
});

export const keras3: Dialect = {
  name: 'Keras 3',
  layers: {
    ...LAYER_ROWS,
    InputLayer: {
      renamed: { batch_shape: 'batch_input_shape' },
      only: { sparse: [false], ragged: [false], optional: [false] },
    },
    Dense: withPlainWeights('Dense'),
    EinsumDense: withPlainWeights('EinsumDense'),
    Embedding: withPlainWeights('Embedding'),
    Conv1D: withPlainWeights('Conv1D'),
    Conv2D: withPlainWeights('Conv2D'),
    LeakyReLU: { renamed: { negative_slope: 'alpha' } },
    UnitNormalization: { keys: ['axis'], added: { epsilon: 1e-12 } },
    MultiHeadAttention: {
      ...LAYER_ROWS['MultiHeadAttention'],
      only: {
        ...LAYER_ROWS['MultiHeadAttention']?.only,
        use_gate: [false],
        sliding_window: [null],
        flash_attention: [null, false],
      },
    },
  },
  activations: {
    ...ACTIVATIONS,
    celu: 'elu',
    hard_tanh: 'hard_tanh',
    log_sigmoid: 'log_sigmoid',
    // relu6(x + 3) / 6
    hard_sigmoid: 'hard_sigmoid6',
    hard_silu: 'hard_silu',
    hard_swish: 'hard_silu',
  },
};
