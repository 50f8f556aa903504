import { JetError, sizeOf } from '@jetsdk/jets';
import type { LayerRule, Shape } from './rule.js';

/** null for the one length that follows from the others. */
type TargetShape = readonly (number | null)[];

function resolveTarget(target: TargetShape, input: Shape): Shape {
  const known = target.reduce<number>((product, length) => product * (length ?? 1), 1);
  const shape = target.map((length) => length ?? sizeOf(input) / known);
  if (sizeOf(shape) !== sizeOf(input) || !shape.every(Number.isInteger))
    throw new JetError(
      'SHAPE_MISMATCH',
      `Reshape: [n,${input}] to [n,${target.map((n) => n ?? '?')}]; expected ${sizeOf(input)} numbers`,
      {
        input,
        target,
      },
    );
  return shape;
}

/** @see https://js.tensorflow.org/api/latest/#layers.reshape */
export const reshape: LayerRule<TargetShape> = {
  kind: 'Reshape',
  supports: 'any shape, one length left open',
  operators: ['Reshape'],

  parse(config) {
    const target = config.value('target_shape');
    config.done();
    const good =
      Array.isArray(target) &&
      target.every((length) => length === null || (Number.isInteger(length) && length > 0)) &&
      target.filter((length) => length === null).length <= 1;
    if (!good) throw config.refuse('target_shape', 'lengths of at least 1, at most one of them open');
    return target;
  },

  outputShape: (target, [input]) => resolveTarget(target, input),
  forward: (target, [x]) => ({ shape: resolveTarget(target, x.shape), data: x.data }),
  emit: (target, [x], _, to) =>
    to.reshape(to.channelsLast(x), { shape: resolveTarget(target, x.shape), layout: 'last' }),
};
