/** @file Depthwise convolution, on its own and as the first half of a separable one. */
import { sizeOf } from '@jetsdk/jets';

import { transpose } from '@jetsdk/onnx';
import type { Emitter, Value } from '../../graph/emitter.js';
import type { Array64, Weight } from '../rule.js';
import { emitConv, outputPixels, type WindowConfig } from './convolution.js';
import { forEachTap } from './spatial.js';
import { windows } from './window.js';

/** @param kernel (height, width, channels, multiplier) */
export function forwardDepthwise(config: WindowConfig, x: Array64, kernel: Weight): Array64 {
  const spatial = x.shape.slice(0, 2);
  const channels = x.shape[2];
  const multiplier = kernel.shape[3];
  const all = windows(spatial, config.kernelSize, config.strides, config.padding, config.dilations);
  const shape = [...outputPixels(config, spatial), channels * multiplier];
  const data = new Float64Array(sizeOf(shape));
  forEachTap(spatial, config.kernelSize, config.strides, config.dilations, all, (out, at, tap) => {
    for (let c = 0; c < channels; c++)
      for (let m = 0; m < multiplier; m++)
        data[(out * channels + c) * multiplier + m] +=
          x.data[at * channels + c] * kernel.data[(tap * channels + c) * multiplier + m];
  });
  return { shape, data };
}

/** A Conv node with one group a channel. */
export function emitDepthwise(
  config: WindowConfig,
  x: Value,
  kernel: Weight,
  bias: Float32Array | undefined,
  to: Emitter,
): Value {
  const channels = x.shape[2];
  const filters = channels * kernel.shape[3];
  const weight = to.floats('depthwise_kernel', [filters, 1, ...config.kernelSize], () =>
    transpose(kernel.data, kernel.shape, [2, 3, 0, 1]),
  );
  return emitConv(config, x, weight, bias, channels, filters, to);
}
