import { sizeOf } from '@jetsdk/jets';
import { int, string } from '@jetsdk/onnx';
import type { Emitter, Value } from '../graph/emitter.js';
import type { LayerRule, Shape } from './rule.js';
import { needPixels, needRank } from './shared/shapes.js';
import { forEachTap } from './shared/spatial.js';
import { windows } from './shared/window.js';

interface LocallyConnectedConfig {
  readonly filters: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly useBias: boolean;
}

function pixels({ kernelSize, strides }: LocallyConnectedConfig, input: Shape): number[] {
  return windows(input.slice(0, 2), kernelSize, strides, 'valid').map(({ out }) => out);
}

/** The patch under each output pixel, in the order (kernel row, kernel column, channel). */
function emitPatches(config: LocallyConnectedConfig, x: Value, to: Emitter): Value {
  const out = pixels(config, x.shape);
  const [height, width] = config.kernelSize;
  const [down, right] = config.strides;
  const axes = to.int64s('axes', [1, 2]);
  const steps = to.int64s('steps', [down, right]);
  const taps: Value[] = [];
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const starts = to.int64s(`starts_${row}_${column}`, [row, column]);
      const ends = to.int64s(`ends_${row}_${column}`, [
        row + (out[0] - 1) * down + 1,
        column + (out[1] - 1) * right + 1,
      ]);
      taps.push(to.node('Slice', [x, starts, ends, axes, steps], { shape: [...out, x.shape[2]], layout: 'last' }));
    }
  if (taps.length === 1) return taps[0];
  return to.node('Concat', taps, { shape: [...out, taps.length * x.shape[2]], layout: 'last' }, { axis: int(3) });
}

/**
 * The SDK's own layer: a convolution without padding whose kernel is another one at every pixel.
 *
 * @see https://onnx.ai/onnx/operators/onnx__Einsum.html
 */
export const locallyConnected2d: LayerRule<LocallyConnectedConfig> = {
  kind: 'LocallyConnected2D',
  supports: 'strides; no padding',
  operators: ['Slice', 'Concat', 'Reshape', 'Einsum', 'Add'],

  parse(config) {
    const parsed = {
      filters: config.count('filters'),
      kernelSize: config.counts('kernel_size', 2),
      strides: config.counts('strides', 2, [1, 1]),
      useBias: config.boolean('use_bias', true),
    };
    config.ignore('seed', 'initial_bias');
    config.done();
    return parsed;
  },

  outputShape(config, [input]) {
    needRank('LocallyConnected2D', input, 3);
    return needPixels('LocallyConnected2D', input, [...pixels(config, input), config.filters]);
  },

  weights(config, [input]) {
    const out = pixels(config, input);
    const patch = config.kernelSize[0] * config.kernelSize[1] * input[2];
    const kernel = [out[0] * out[1], patch, config.filters];
    return config.useBias ? { kernel, bias: [...out, config.filters] } : { kernel };
  },

  forward(config, [x], { kernel, bias }) {
    const { filters, kernelSize, strides } = config;
    const channels = x.shape[2];
    const spatial = x.shape.slice(0, 2);
    const all = windows(spatial, kernelSize, strides, 'valid');
    const patch = kernel.shape[1];
    const shape = [...all.map(({ out }) => out), filters];
    const data = config.useBias ? Float64Array.from(bias.data) : new Float64Array(sizeOf(shape));
    forEachTap(spatial, kernelSize, strides, [1, 1], all, (out, at, tap) => {
      for (let c = 0; c < channels; c++)
        for (let f = 0; f < filters; f++)
          data[out * filters + f] +=
            x.data[at * channels + c] * kernel.data[(out * patch + tap * channels + c) * filters + f];
    });
    return { shape, data };
  },

  emit(config, [value], { kernel, bias }, to) {
    const patches = emitPatches(config, to.channelsLast(value), to);
    const flat = to.reshape(patches, { shape: kernel.shape.slice(0, 2), layout: 'last' });
    const weight = to.floats('kernel', kernel.shape, () => kernel.data);
    const sums = to.node(
      'Einsum',
      [flat, weight],
      { shape: [kernel.shape[0], config.filters], layout: 'last' },
      { equation: string('npk,pkf->npf') },
    );
    const shape = locallyConnected2d.outputShape(config, [value.shape]);
    const image = to.reshape(sums, { shape, layout: 'last' });
    if (!config.useBias) return image;
    return to.map('Add', image, [to.floats('bias', bias.shape, () => bias.data)]);
  },
};
