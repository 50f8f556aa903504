import { ints, transpose } from '@jetsdk/onnx';
import type { LayerRule } from './rule.js';
import { applyActivation, emitActivation } from './shared/activations.js';
import { type ConvolutionConfig, windowConfig } from './shared/convolution.js';
import { needRank } from './shared/shapes.js';
import { addBias, forEachTap } from './shared/spatial.js';
import { pads, transposedWindow } from './shared/window.js';

/** `dilation_rate` is neither written nor used by tfjs here. */
const NO_DILATION = [1, 1];

function transposedWindows({ kernelSize, strides, padding }: ConvolutionConfig, input: readonly number[]) {
  return kernelSize.map((kernel, axis) => transposedWindow(input[axis], kernel, strides[axis], padding));
}

/**
 * Conv2DTranspose to ONNX ConvTranspose.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.conv2dTranspose
 * @see https://onnx.ai/onnx/operators/onnx__ConvTranspose.html
 */
export const conv2dTranspose: LayerRule<ConvolutionConfig> = {
  kind: 'Conv2DTranspose',
  supports: 'strides, padding valid and same, bias, every activation; channels last',
  operators: ['ConvTranspose'],

  parse(config) {
    const filters = config.count('filters');
    config.channelsLast();
    config.only('dilation_rate', NO_DILATION, 'tfjs dilates no transposed convolution');
    const parsed = { filters, ...windowConfig(config, 2) };
    config.done();
    return parsed;
  },

  outputShape(config, [input]) {
    needRank('Conv2DTranspose', input, 3);
    return [...transposedWindows(config, input).map(({ out }) => out), config.filters];
  },

  weights({ kernelSize, filters, useBias }, [input]) {
    const kernel = [...kernelSize, filters, input[2]];
    return useBias ? { kernel, bias: [filters] } : { kernel };
  },

  // The transpose of a convolution: every tap sends a number back where the convolution would read it.
  forward(config, [x], { kernel, bias }) {
    const { filters, kernelSize, strides } = config;
    const all = transposedWindows(config, x.shape);
    const channels = x.shape[2];
    const large = all.map(({ out }) => out);
    const data = new Float64Array(large[0] * large[1] * filters);
    const small = all.map((one, axis) => ({ ...one, out: x.shape[axis] }));
    forEachTap(large, kernelSize, strides, NO_DILATION, small, (from, to, tap) => {
      for (let f = 0; f < filters; f++)
        for (let c = 0; c < channels; c++)
          data[to * filters + f] += x.data[from * channels + c] * kernel.data[(tap * filters + f) * channels + c];
    });
    return applyActivation(config.activation, addBias({ shape: [...large, filters], data }, bias?.data));
  },

  emit(config, [x], { kernel, bias }, to) {
    const all = transposedWindows(config, x.shape);
    const weight = to.floats('kernel', [x.shape[2], config.filters, ...config.kernelSize], () =>
      transpose(kernel.data, kernel.shape, [3, 2, 0, 1]),
    );
    const y = to.node(
      'ConvTranspose',
      [
        to.channelsFirst(x),
        weight,
        ...(bias === undefined ? [] : [to.floats('bias', [config.filters], () => bias.data)]),
      ],
      { shape: [...all.map(({ out }) => out), config.filters], layout: 'first' },
      {
        kernel_shape: ints(config.kernelSize),
        strides: ints(config.strides),
        pads: ints(pads(all)),
        output_padding: ints(all.map(({ outputPadding }) => outputPadding)),
      },
    );
    return emitActivation(config.activation, y, to);
  },
};
