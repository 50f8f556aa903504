import { ints, transpose } from '@jetsdk/onnx';
import type { LayerRule } from './rule.js';
import { applyActivation, emitActivation } from './shared/activations.js';
import { type ConvolutionConfig, outputPixels, windowConfig } from './shared/convolution.js';
import { emitDepthwise, forwardDepthwise } from './shared/depthwise.js';
import { needPixels, needRank } from './shared/shapes.js';
import { addBias } from './shared/spatial.js';

/**
 * SeparableConv2D to two ONNX Conv nodes, the first with groups. tfjs does not write `depth_multiplier`: it is read
 * from the shape of the weights.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.separableConv2d
 * @see https://onnx.ai/onnx/operators/onnx__Conv.html
 */
export const separableConv2d: LayerRule<ConvolutionConfig> = {
  kind: 'SeparableConv2D',
  supports: 'strides, padding valid and same, dilation, depth multiplier, bias, every activation; channels last',
  operators: ['Conv'],

  parse(config) {
    const filters = config.count('filters');
    config.channelsLast();
    config.ignore('depth_multiplier');
    const parsed = { filters, ...windowConfig(config, 2) };
    config.done();
    return parsed;
  },

  outputShape(config, [input]) {
    needRank('SeparableConv2D', input, 3);
    return needPixels('SeparableConv2D', input, [...outputPixels(config, input.slice(0, 2)), config.filters]);
  },

  weights({ kernelSize, filters, useBias }, [input]) {
    return {
      depthwise_kernel: [...kernelSize, input[2], null],
      pointwise_kernel: [1, 1, null, filters],
      ...(useBias ? { bias: [filters] } : {}),
    };
  },

  forward(config, [x], { depthwise_kernel, pointwise_kernel, bias }) {
    const { shape, data } = forwardDepthwise(config, x, depthwise_kernel);
    const deep = shape[2];
    const out = new Float64Array((data.length / deep) * config.filters);
    for (let i = 0; i < out.length; i++) {
      const pixel = Math.floor(i / config.filters);
      for (let d = 0; d < deep; d++)
        out[i] += data[pixel * deep + d] * pointwise_kernel.data[d * config.filters + (i % config.filters)];
    }
    const y = { shape: [shape[0], shape[1], config.filters], data: out };
    return applyActivation(config.activation, addBias(y, bias?.data));
  },

  emit(config, [x], { depthwise_kernel, pointwise_kernel, bias }, to) {
    const deep = emitDepthwise(config, x, depthwise_kernel, undefined, to);
    const { filters } = config;
    const weight = to.floats('pointwise_kernel', [filters, deep.shape[2], 1, 1], () =>
      transpose(pointwise_kernel.data, pointwise_kernel.shape, [3, 2, 0, 1]),
    );
    const y = to.node(
      'Conv',
      [deep, weight, ...(bias === undefined ? [] : [to.floats('bias', [filters], () => bias.data)])],
      { shape: [...deep.shape.slice(0, 2), filters], layout: 'first' },
      { kernel_shape: ints([1, 1]), strides: ints([1, 1]), pads: ints([0, 0, 0, 0]), dilations: ints([1, 1]) },
    );
    return emitActivation(config.activation, y, to);
  },
};
