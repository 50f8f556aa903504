import type { LayerRule } from './rule.js';
import { ACTIVATIONS, type Activation, activationOf, applyActivation, emitActivation } from './shared/activations.js';

/** @see https://js.tensorflow.org/api/latest/#layers.activation */
export const activation: LayerRule<Activation> = {
  kind: 'Activation',
  supports: 'every activation of the table below',
  operators: [...new Set(Object.values(ACTIVATIONS).flatMap(({ operators }): readonly string[] => operators))],

  parse(config) {
    const name = activationOf(config);
    config.done();
    return name;
  },

  outputShape: (_, [input]) => input,
  forward: (name, [x]) => applyActivation(name, x),
  emit: (name, [x], _, to) => emitActivation(name, x, to),
};
