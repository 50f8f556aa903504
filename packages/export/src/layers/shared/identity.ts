/** @file Layers that act in training only. */
import type { LayerRule } from '../rule.js';

/** @param keys its options, which change no output */
export function identity(kind: string, keys: readonly string[]): LayerRule<null> {
  return {
    kind,
    supports: 'identity at inference',
    operators: [],

    parse(config) {
      config.ignore(...keys);
      config.done();
      return null;
    },

    outputShape: (_, [input]) => input,
    forward: (_, [x]) => x,
    emit: (_, [x]) => x,
  };
}
