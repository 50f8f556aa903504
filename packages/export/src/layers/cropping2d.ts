import { physicalAxis } from '../graph/emitter.js';
import type { LayerRule } from './rule.js';
import { type Margins, margins } from './shared/margins.js';
import { needPixels, needRank } from './shared/shapes.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.cropping2D
 * @see https://onnx.ai/onnx/operators/onnx__Slice.html
 */
export const cropping2d: LayerRule<Margins> = {
  kind: 'Cropping2D',
  supports: 'any margins; channels last',
  operators: ['Slice'],

  parse(config) {
    const parsed = margins(config, 'cropping');
    config.channelsLast();
    config.done();
    return parsed;
  },

  outputShape([[top, bottom], [left, right]], [input]) {
    needRank('Cropping2D', input, 3);
    return needPixels('Cropping2D', input, [input[0] - top - bottom, input[1] - left - right, input[2]]);
  },

  forward(config, [x]) {
    const [[top], [left]] = config;
    const shape = cropping2d.outputShape(config, [x.shape]);
    const row = shape[1] * shape[2];
    const data = new Float64Array(shape[0] * row);
    for (let y = 0; y < shape[0]; y++) {
      const from = ((y + top) * x.shape[1] + left) * x.shape[2];
      data.set(x.data.subarray(from, from + row), y * row);
    }
    return { shape, data };
  },

  emit(config, [x], _, to) {
    const shape = cropping2d.outputShape(config, [x.shape]);
    const starts = config.map(([before]) => before);
    const ends = starts.map((start, axis) => start + shape[axis]);
    const axes = starts.map((_, axis) => physicalAxis(x, axis));
    return to.node(
      'Slice',
      [x, to.int64s('starts', starts), to.int64s(`ends_${ends.join('_')}`, ends), to.int64s(`axes_${x.layout}`, axes)],
      { shape, layout: x.layout },
    );
  },
};
