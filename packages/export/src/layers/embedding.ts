import { int } from '@jetsdk/onnx';
import type { LayerRule, Shape } from './rule.js';

interface EmbeddingConfig {
  readonly inputDim: number;
  readonly outputDim: number;
}

/**
 * Rows of a table, looked up by whole numbers given as float32.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.embedding
 * @see https://onnx.ai/onnx/operators/onnx__Gather.html
 */
export const embedding: LayerRule<EmbeddingConfig> = {
  kind: 'Embedding',
  supports: 'inputs of any number of axes; no masking of zeros',
  operators: ['Cast', 'Gather'],

  parse(config) {
    const parsed = { inputDim: config.count('input_dim'), outputDim: config.count('output_dim') };
    config.only('mask_zero', false, 'masks are not carried through the model');
    config.ignore('input_length');
    config.done();
    return parsed;
  },

  outputShape: ({ outputDim }, [input]): Shape => [...input, outputDim],
  weights: ({ inputDim, outputDim }) => ({ embeddings: [inputDim, outputDim] }),

  forward({ outputDim }, [x], { embeddings }) {
    const data = new Float64Array(x.data.length * outputDim);
    x.data.forEach((value, i) => {
      const row = Math.trunc(value);
      data.set(embeddings.data.subarray(row * outputDim, (row + 1) * outputDim), i * outputDim);
    });
    return { shape: [...x.shape, outputDim], data };
  },

  emit({ outputDim }, [x], { embeddings }, to) {
    const table = to.floats('embeddings', embeddings.shape, () => embeddings.data);
    const rows = to.node('Cast', [to.channelsLast(x)], { shape: x.shape, layout: 'last' }, { to: int(6) }, 'int32');
    return to.node('Gather', [table, rows], { shape: [...x.shape, outputDim], layout: 'last' }, { axis: int(0) });
  },
};
