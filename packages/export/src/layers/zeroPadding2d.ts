import { physicalAxis } from '../graph/emitter.js';
import type { LayerRule } from './rule.js';
import { type Margins, margins } from './shared/margins.js';
import { needRank } from './shared/shapes.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.zeroPadding2d
 * @see https://onnx.ai/onnx/operators/onnx__Pad.html
 */
export const zeroPadding2d: LayerRule<Margins> = {
  kind: 'ZeroPadding2D',
  supports: 'any margins; channels last',
  operators: ['Pad'],

  parse(config) {
    const parsed = margins(config, 'padding');
    config.channelsLast();
    config.done();
    return parsed;
  },

  outputShape([[top, bottom], [left, right]], [input]) {
    needRank('ZeroPadding2D', input, 3);
    return [input[0] + top + bottom, input[1] + left + right, input[2]];
  },

  forward(config, [x]) {
    const [[top], [left]] = config;
    const shape = zeroPadding2d.outputShape(config, [x.shape]);
    const data = new Float64Array(shape[0] * shape[1] * shape[2]);
    const row = x.shape[1] * x.shape[2];
    for (let y = 0; y < x.shape[0]; y++)
      data.set(x.data.subarray(y * row, (y + 1) * row), ((y + top) * shape[1] + left) * shape[2]);
    return { shape, data };
  },

  emit(config, [x], _, to) {
    const begin = [0, 0, 0, 0];
    const end = [0, 0, 0, 0];
    config.forEach(([before, after], axis) => {
      begin[physicalAxis(x, axis)] = before;
      end[physicalAxis(x, axis)] = after;
    });
    const out = { shape: zeroPadding2d.outputShape(config, [x.shape]), layout: x.layout };
    return to.node('Pad', [x, to.int64s(`pads_${x.layout}`, [...begin, ...end])], out);
  },
};
