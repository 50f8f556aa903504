import type { LayerRule } from './rule.js';

/** Shape of one example; null where the topology leaves a length open. */
type OpenShape = readonly (number | null)[];

/** @see https://js.tensorflow.org/api/latest/#layers.inputLayer */
export const inputLayer: LayerRule<OpenShape> = {
  kind: 'InputLayer',
  supports: 'float32; becomes an input of the graph',
  operators: [],

  parse(config) {
    const shape = config.value('batch_input_shape');
    config.only('dtype', 'float32', 'models are fed float32');
    config.only('sparse', false, 'dense inputs');
    config.done();
    if (!Array.isArray(shape) || shape.length < 2) throw config.refuse('batch_input_shape', '[null, length, …]');
    return shape.slice(1).map((length: unknown) => {
      if (length === null) return null;
      if (!Number.isInteger(length) || Number(length) < 1)
        throw config.refuse('batch_input_shape', 'lengths of at least 1');
      return Number(length);
    });
  },

  outputShape: (_, [input]) => input,
  forward: (_, [x]) => x,
  emit: (_, [x]) => x,
};
