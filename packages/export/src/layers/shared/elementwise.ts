/** @file Layers that act on each number alone. */
import type { Emitter, Value } from '../../graph/emitter.js';
import type { LayerRule } from '../rule.js';
import type { LayerConfig } from './config.js';

export function elementwise<C>(
  kind: string,
  supports: string,
  operators: readonly string[],
  parse: (config: LayerConfig) => C,
  one: (config: C, x: number) => number,
  emit: (config: C, x: Value, to: Emitter) => Value,
): LayerRule<C> {
  return {
    kind,
    supports,
    operators,
    parse(config) {
      const parsed = parse(config);
      config.done();
      return parsed;
    },
    outputShape: (_, [input]) => input,
    forward: (config, [{ shape, data }]) => ({ shape, data: data.map((x) => one(config, x)) }),
    emit: (config, [x], _, to) => emit(config, x, to),
  };
}
