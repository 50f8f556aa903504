import { physicalAxis } from '../graph/emitter.js';
import type { LayerRule } from './rule.js';
import { needRank } from './shared/shapes.js';
import { forEachIndex, stridesOf } from './shared/spatial.js';

/** Axes that run backwards in the result, the batch being axis 0. */
type Axes = readonly number[];

/**
 * The SDK's own layer: images mirrored along some axes, 1 for η and 2 for φ.
 *
 * @see https://onnx.ai/onnx/operators/onnx__Slice.html
 */
export const mirror: LayerRule<Axes> = {
  kind: 'Mirror',
  supports: 'rows, columns or both; channels last',
  operators: ['Slice'],

  parse(config) {
    const axes = config.value('axes');
    config.done();
    if (!Array.isArray(axes) || axes.length === 0 || !axes.every((axis, i) => [1, 2].slice(i).includes(axis)))
      throw config.refuse('axes', '[1], [2] or [1, 2]');
    return axes;
  },

  outputShape(_, [input]) {
    needRank('Mirror', input, 3);
    return input;
  },

  forward(axes, [x]) {
    const strides = stridesOf(x.shape);
    const data = new Float64Array(x.data.length);
    let i = 0;
    forEachIndex(x.shape, (index) => {
      const at = index.map((position, axis) => (axes.includes(axis + 1) ? x.shape[axis] - 1 - position : position));
      data[i++] = x.data[at.reduce((sum, position, axis) => sum + position * strides[axis], 0)];
    });
    return { shape: x.shape, data };
  },

  emit(axes, [x], _, to) {
    const lengths = axes.map((axis) => x.shape[axis - 1]);
    const before = lengths.map((length) => -1 - length);
    const constants = [
      to.int64s(
        'last',
        axes.map(() => -1),
      ),
      to.int64s('before_first', before),
      to.int64s(
        `axes_${x.layout}`,
        axes.map((axis) => physicalAxis(x, axis - 1)),
      ),
      to.int64s(
        'backwards',
        axes.map(() => -1),
      ),
    ];
    return to.node('Slice', [x, ...constants], x);
  },
};
