import { JetError, quoted } from '@jetsdk/jets';
import { int, ints } from '@jetsdk/onnx';
import { physicalAxis } from '../graph/emitter.js';
import type { LayerRule } from './rule.js';
import { applyActivation, emitActivation } from './shared/activations.js';
import { forEachIndex, stridesOf } from './shared/spatial.js';

/** Axes of the shape with the batch axis; negative ones count from the end. */
type Axes = readonly number[];

function exampleAxes(axes: Axes, rank: number): number[] {
  return axes.map((axis) => (axis < 0 ? axis + rank : axis - 1));
}

/**
 * Softmax over the last axis, or over several.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.softmax
 * @see https://onnx.ai/onnx/operators/onnx__Softmax.html
 */
export const softmax: LayerRule<Axes> = {
  kind: 'Softmax',
  supports: 'the last axis (tfjs runs no other), or a list of axes without the batch',
  operators: ['Softmax', 'ReduceLogSumExp', 'Sub', 'Exp'],

  parse(config) {
    const axis = config.value('axis') ?? 1;
    config.done();
    const axes = Array.isArray(axis) ? axis : [axis];
    if (axes.length === 0 || !axes.every((one) => Number.isInteger(one) && one !== 0))
      throw config.refuse('axis', 'an axis, or a list of axes, none of them the batch');
    return axes;
  },

  outputShape(axes, [input]) {
    const found = exampleAxes(axes, input.length);
    const last = input.length - 1;
    if (found.some((axis) => axis < 0 || axis > last) || (found.length === 1 && found[0] !== last))
      throw new JetError(
        'UNSUPPORTED',
        `Softmax: axis ${quoted(axes)} of an input [n,${input}]; supported: ${softmax.supports}`,
        { axes, input },
      );
    return input;
  },

  forward(axes, [x]) {
    if (axes.length === 1) return applyActivation('softmax', x);
    const over = exampleAxes(axes, x.shape.length);
    const kept = x.shape.map((length, axis) => (over.includes(axis) ? 1 : length));
    const strides = stridesOf(kept);
    const groups: number[] = [];
    const max = new Float64Array(x.data.length).fill(Number.NEGATIVE_INFINITY);
    const sum = new Float64Array(x.data.length);
    forEachIndex(x.shape, (index) => {
      const group = index.reduce((at, position, axis) => at + (over.includes(axis) ? 0 : position * strides[axis]), 0);
      max[group] = Math.max(max[group], x.data[groups.length]);
      groups.push(group);
    });
    x.data.forEach((value, i) => {
      sum[groups[i]] += Math.exp(value - max[groups[i]]);
    });
    return { shape: x.shape, data: x.data.map((value, i) => Math.exp(value - max[groups[i]]) / sum[groups[i]]) };
  },

  emit(axes, [x], _, to) {
    if (axes.length === 1) return emitActivation('softmax', x, to);
    const over = exampleAxes(axes, x.shape.length);
    const reduced = { shape: x.shape.map((length, axis) => (over.includes(axis) ? 1 : length)), layout: x.layout };
    const logSum = to.node('ReduceLogSumExp', [x], reduced, {
      axes: ints(over.map((axis) => physicalAxis(x, axis)).sort((a, b) => a - b)),
      keepdims: int(1),
    });
    return to.map('Exp', to.map('Sub', x, [logSum]));
  },
};
