import { string } from '@jetsdk/onnx';
import type { LayerRule } from './rule.js';
import { needRank } from './shared/shapes.js';

interface UpSamplingConfig {
  readonly size: readonly number[];
  readonly interpolation: 'nearest' | 'bilinear';
}

/**
 * UpSampling2D to ONNX Resize: output pixel i lies at input position i / size, as in tfjs.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.upSampling2d
 * @see https://onnx.ai/onnx/operators/onnx__Resize.html
 */
export const upSampling2d: LayerRule<UpSamplingConfig> = {
  kind: 'UpSampling2D',
  supports: 'whole factors, nearest and bilinear; channels last',
  operators: ['Resize'],

  parse(config) {
    const parsed = {
      size: config.counts('size', 2, [2, 2]),
      interpolation: config.choice('interpolation', ['nearest', 'bilinear'] as const, 'nearest'),
    };
    config.channelsLast();
    config.done();
    return parsed;
  },

  outputShape({ size }, [input]) {
    needRank('UpSampling2D', input, 3);
    return [input[0] * size[0], input[1] * size[1], input[2]];
  },

  forward(config, [x]) {
    const { size, interpolation } = config;
    const shape = upSampling2d.outputShape(config, [x.shape]);
    const [height, width, channels] = x.shape;
    const data = new Float64Array(shape[0] * shape[1] * channels);
    const pixel = (row: number, column: number, c: number): number =>
      x.data[(Math.min(row, height - 1) * width + Math.min(column, width - 1)) * channels + c];
    for (let i = 0; i < data.length; i++) {
      const c = i % channels;
      const down = (Math.floor(i / channels / shape[1]) % shape[0]) / size[0];
      const right = (Math.floor(i / channels) % shape[1]) / size[1];
      const row = Math.floor(down);
      const column = Math.floor(right);
      const [v, u] = interpolation === 'nearest' ? [0, 0] : [down - row, right - column];
      data[i] =
        (1 - v) * ((1 - u) * pixel(row, column, c) + u * pixel(row, column + 1, c)) +
        v * ((1 - u) * pixel(row + 1, column, c) + u * pixel(row + 1, column + 1, c));
    }
    return { shape, data };
  },

  emit(config, [x], _, to) {
    const { size, interpolation } = config;
    return to.node(
      'Resize',
      [to.channelsFirst(x), '', to.floats('scales', [4], () => Float32Array.of(1, 1, size[0], size[1]))],
      { shape: upSampling2d.outputShape(config, [x.shape]), layout: 'first' },
      {
        mode: string(interpolation === 'nearest' ? 'nearest' : 'linear'),
        coordinate_transformation_mode: string('asymmetric'),
        nearest_mode: string('floor'),
      },
    );
  },
};
