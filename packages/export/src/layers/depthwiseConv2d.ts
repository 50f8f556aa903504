import type { LayerRule } from './rule.js';
import { applyActivation, emitActivation } from './shared/activations.js';
import { outputPixels, type WindowConfig, windowConfig } from './shared/convolution.js';
import { emitDepthwise, forwardDepthwise } from './shared/depthwise.js';
import { needPixels, needRank } from './shared/shapes.js';
import { addBias } from './shared/spatial.js';

interface DepthwiseConfig extends WindowConfig {
  readonly multiplier: number;
}

/**
 * DepthwiseConv2D to ONNX Conv with groups.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.depthwiseConv2d
 * @see https://onnx.ai/onnx/operators/onnx__Conv.html
 */
export const depthwiseConv2d: LayerRule<DepthwiseConfig> = {
  kind: 'DepthwiseConv2D',
  supports: 'strides, padding valid and same, depth multiplier, bias, every activation; channels last, no dilation',
  operators: ['Conv'],

  parse(config) {
    config.channelsLast();
    config.only('dilation_rate', [1, 1], 'tfjs 4.22 ignores any other here');
    const parsed = { multiplier: config.count('depth_multiplier'), ...windowConfig(config, 2) };
    config.done();
    return parsed;
  },

  outputShape(config, [input]) {
    needRank('DepthwiseConv2D', input, 3);
    return needPixels('DepthwiseConv2D', input, [
      ...outputPixels(config, input.slice(0, 2)),
      input[2] * config.multiplier,
    ]);
  },

  weights({ kernelSize, multiplier, useBias }, [input]) {
    const depthwise_kernel = [...kernelSize, input[2], multiplier];
    return useBias ? { depthwise_kernel, bias: [input[2] * multiplier] } : { depthwise_kernel };
  },

  forward(config, [x], { depthwise_kernel, bias }) {
    return applyActivation(config.activation, addBias(forwardDepthwise(config, x, depthwise_kernel), bias?.data));
  },

  emit(config, [x], { depthwise_kernel, bias }, to) {
    return emitActivation(config.activation, emitDepthwise(config, x, depthwise_kernel, bias?.data, to), to);
  },
};
