/** @file Element-wise layers of several inputs. */
import { JetError, sizeOf } from '@jetsdk/jets';
import type { Emitter, Value } from '../../graph/emitter.js';
import type { Array64, LayerRule, Shape } from '../rule.js';
import { forEachIndex, stridesOf } from './spatial.js';

/** As tfjs does: an input of fewer axes gets axes of length 1 after the batch. */
function expanded(shape: Shape, rank: number): Shape {
  return [...new Array<number>(rank - shape.length).fill(1), ...shape];
}

function broadcast(kind: string, inputs: readonly Shape[]): Shape {
  const rank = Math.max(...inputs.map((shape) => shape.length));
  const all = inputs.map((shape) => expanded(shape, rank));
  return all[0].map((_, axis) => {
    const lengths = new Set(all.map((shape) => shape[axis]).filter((length) => length !== 1));
    if (lengths.size > 1)
      throw new JetError(
        'SHAPE_MISMATCH',
        `${kind}: inputs ${inputs.map((shape) => `[n,${shape}]`).join(', ')} do not fit`,
        {
          inputs,
        },
      );
    return [...lengths][0] ?? 1;
  });
}

function emitExpanded(x: Value, rank: number, to: Emitter): Value {
  if (x.shape.length === rank) return x;
  return to.reshape(to.channelsLast(x), { shape: expanded(x.shape, rank), layout: 'last' });
}

/**
 * @param opType the ONNX operator of two inputs
 * @param combine of two numbers
 * @param mean whether the result is divided by the number of inputs
 * @param inputs how many the layer takes
 */
export function merge(
  kind: string,
  opType: string,
  combine: (a: number, b: number) => number,
  { mean = false, inputs = 'several' }: { mean?: boolean; inputs?: number | 'several' } = {},
): LayerRule<null> {
  return {
    kind,
    supports: `${inputs === 'several' ? 'two inputs or more' : `${inputs} inputs`}, with broadcasting`,
    operators: mean ? [opType, 'Mul'] : [opType],
    inputs,

    parse(config) {
      config.done();
      return null;
    },

    outputShape: (_, shapes) => broadcast(kind, shapes),

    forward(_, arrays): Array64 {
      const shape = broadcast(
        kind,
        arrays.map((array) => array.shape),
      );
      const views = arrays.map(({ shape: own, data }) => {
        const full = expanded(own, shape.length);
        return { data, strides: stridesOf(full).map((stride, axis) => (full[axis] === 1 ? 0 : stride)) };
      });
      const data = new Float64Array(sizeOf(shape));
      let i = 0;
      forEachIndex(shape, (index) => {
        const values = views.map((view) => view.data[index.reduce((at, p, axis) => at + p * view.strides[axis], 0)]);
        const total = values.reduce(combine);
        data[i++] = mean ? total / values.length : total;
      });
      return { shape, data };
    },

    emit(_, values, __, to) {
      const rank = Math.max(...values.map((value) => value.shape.length));
      const aligned = to.align(values.map((value) => emitExpanded(value, rank, to)));
      const total = aligned.reduce((left, right) =>
        to.node(opType, [left, right], { shape: broadcast(kind, [left.shape, right.shape]), layout: left.layout }),
      );
      return mean ? to.map('Mul', total, [to.scalar(`share_of_${values.length}`, 1 / values.length)]) : total;
    },
  };
}
