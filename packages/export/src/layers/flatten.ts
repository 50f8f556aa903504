import { sizeOf } from '@jetsdk/jets';
import type { LayerRule } from './rule.js';

/** @see https://js.tensorflow.org/api/latest/#layers.flatten */
export const flatten: LayerRule<null> = {
  kind: 'Flatten',
  supports: 'channels last',
  operators: ['Reshape'],

  parse(config) {
    config.channelsLast();
    config.done();
    return null;
  },

  outputShape: (_, [input]) => [sizeOf(input)],
  forward: (_, [x]) => ({ shape: [x.data.length], data: x.data }),

  emit(_, [x], __, to) {
    if (x.shape.length === 1) return x;
    return to.reshape(to.channelsLast(x), { shape: [sizeOf(x.shape)], layout: 'last' });
  },
};
