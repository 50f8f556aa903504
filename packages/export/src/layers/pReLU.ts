import { transpose } from '@jetsdk/onnx';
import { physicalShape } from '../graph/emitter.js';
import type { LayerRule, Shape } from './rule.js';
import { forEachIndex, stridesOf } from './shared/spatial.js';

/** Axes of the batch shape along which one slope is shared. */
type SharedAxes = readonly number[];

function slopeShape(shared: SharedAxes, input: Shape): Shape {
  return input.map((length, axis) => (shared.includes(axis + 1) ? 1 : length));
}

/**
 * @see https://js.tensorflow.org/api/latest/#layers.prelu
 * @see https://onnx.ai/onnx/operators/onnx__PRelu.html
 */
export const pReLU: LayerRule<SharedAxes> = {
  kind: 'PReLU',
  supports: 'shared axes',
  operators: ['PRelu'],

  parse(config) {
    const shared = config.value('shared_axes') ?? [];
    config.done();
    if (!Array.isArray(shared) || !shared.every((axis) => Number.isInteger(axis) && axis > 0))
      throw config.refuse('shared_axes', 'a list of axes, none of them the batch');
    return shared;
  },

  outputShape: (_, [input]) => input,
  weights: (shared, [input]) => ({ alpha: slopeShape(shared, input) }),

  forward(_, [x], { alpha }) {
    const strides = stridesOf(alpha.shape);
    const data = new Float64Array(x.data.length);
    let i = 0;
    forEachIndex(x.shape, (index) => {
      const at = alpha.shape.reduce((sum, length, axis) => sum + (length === 1 ? 0 : index[axis] * strides[axis]), 0);
      const value = x.data[i];
      data[i++] = value > 0 ? value : alpha.data[at] * value;
    });
    return { shape: x.shape, data };
  },

  emit(_, [x], { alpha }, to) {
    const channelAxis = alpha.shape.length - 1;
    const slope = to.floats(`alpha_${x.layout}`, physicalShape({ shape: alpha.shape, layout: x.layout }), () =>
      x.layout === 'last'
        ? alpha.data
        : transpose(alpha.data, alpha.shape, [channelAxis, ...alpha.shape.slice(1).map((_, axis) => axis)]),
    );
    return to.map('PRelu', x, [slope]);
  },
};
