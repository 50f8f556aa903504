import { JetError, quoted } from '@jetsdk/jets';
import { int, ints } from '@jetsdk/onnx';
import type { Emitter, Value } from '../graph/emitter.js';
import type { Array64, LayerRule, Shape } from './rule.js';

interface DotConfig {
  /** of the shapes with the batch axis; one number for both, or one for each */
  readonly axes: number | readonly [number, number];
  readonly normalize: boolean;
}

/** Under the square root of the norm, as in tfjs. */
const EPSILON = 1e-7;

/** The contracted axis of each example. */
function exampleAxes({ axes }: DotConfig, shapes: readonly Shape[]): number[] {
  const found = shapes.map((shape, i) => {
    const axis = typeof axes === 'number' ? axes : axes[i];
    return axis < 0 ? axis + shape.length : axis - 1;
  });
  const [a, b] = shapes;
  const good = found.every((axis, i) => axis >= 0 && axis < shapes[i].length && shapes[i].length <= 2);
  if (!good || a[found[0]] !== b[found[1]])
    throw new JetError('SHAPE_MISMATCH', `Dot: inputs [n,${a}] and [n,${b}] along axes ${quoted(axes)}`, {
      shapes,
      axes,
    });
  return found;
}

function without(shape: Shape, axis: number): Shape {
  return shape.filter((_, i) => i !== axis);
}

/** Numbers as a matrix with the contracted axis last; a vector is one row. */
function rows({ shape, data }: Array64, axis: number, normalize: boolean): Float64Array[] {
  const length = shape[axis];
  const count = data.length / length;
  const stride = axis === shape.length - 1 ? 1 : count;
  const step = axis === shape.length - 1 ? length : 1;
  return Array.from({ length: count }, (_, row) => {
    const values = Float64Array.from({ length }, (_, i) => data[row * step + i * stride]);
    const norm = normalize
      ? Math.sqrt(
          Math.max(
            values.reduce((sum, x) => sum + x * x, 0),
            EPSILON,
          ),
        )
      : 1;
    return values.map((x) => x / norm);
  });
}

function emitNormalized(x: Value, axis: number, name: string, to: Emitter): Value {
  const norm = to.node(
    'ReduceL2',
    [x],
    { shape: x.shape.map((length, i) => (i === axis ? 1 : length)), layout: x.layout },
    { axes: ints([axis + 1]), keepdims: int(1) },
  );
  return to.map('Div', x, [to.map('Max', norm, [to.scalar(`least_norm_${name}`, Math.sqrt(EPSILON))])]);
}

/** As a matrix with the contracted axis at `position`. */
function emitMatrix(x: Value, axis: number, position: 0 | 1, to: Emitter): Value {
  if (x.shape.length === 1) {
    const shape = position === 1 ? [1, x.shape[0]] : [x.shape[0], 1];
    return to.reshape(x, { shape, layout: 'last' });
  }
  if (axis === position) return x;
  return to.node('Transpose', [x], { shape: [x.shape[1], x.shape[0]], layout: 'last' }, { perm: ints([0, 2, 1]) });
}

/**
 * Contraction of one axis of each of two inputs.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.dot
 * @see https://onnx.ai/onnx/operators/onnx__MatMul.html
 */
export const dot: LayerRule<DotConfig> = {
  kind: 'Dot',
  supports: 'inputs of 2 or 3 axes, batch included; any axes but the batch; normalisation',
  operators: ['MatMul', 'Mul', 'ReduceSum', 'ReduceL2', 'Max', 'Div'],
  inputs: 2,

  parse(config) {
    const axes = config.value('axes');
    const normalize = config.boolean('normalize', false);
    config.done();
    const list: readonly unknown[] = Array.isArray(axes) ? axes : [axes, axes];
    if (list.length !== 2 || !list.every((axis) => Number.isInteger(axis) && axis !== 0))
      throw config.refuse('axes', 'one or two axes, neither of them the batch');
    return { axes: [Number(list[0]), Number(list[1])], normalize };
  },

  outputShape(config, shapes) {
    const [first, second] = exampleAxes(config, shapes);
    const shape = [...without(shapes[0], first), ...without(shapes[1], second)];
    return shape.length === 0 ? [1] : shape;
  },

  forward(config, [a, b]) {
    const [first, second] = exampleAxes(config, [a.shape, b.shape]);
    const left = rows(a, first, config.normalize);
    const right = rows(b, second, config.normalize);
    const data = left.flatMap((x) => right.map((y) => x.reduce((sum, value, i) => sum + value * y[i], 0)));
    return { shape: dot.outputShape(config, [a.shape, b.shape]), data: Float64Array.from(data) };
  },

  emit(config, values, _, to) {
    const axes = exampleAxes(
      config,
      values.map((value) => value.shape),
    );
    const out = {
      shape: dot.outputShape(
        config,
        values.map((value) => value.shape),
      ),
      layout: 'last',
    } as const;
    const [a, b] = values.map((value, i) => {
      const x = to.channelsLast(value);
      return config.normalize ? emitNormalized(x, axes[i], String(i), to) : x;
    });
    if (a.shape.length === 1 && b.shape.length === 1)
      return to.node('ReduceSum', [to.map('Mul', a, [b]), to.int64s('axes', [1])], out, { keepdims: int(1) });
    const left = emitMatrix(a, axes[0], 1, to);
    const right = emitMatrix(b, axes[1], 0, to);
    const product = to.node('MatMul', [left, right], { shape: [left.shape[0], right.shape[1]], layout: 'last' });
    return product.shape.length === out.shape.length ? product : to.reshape(product, out);
  },
};
