/** @file Convolution over any number of spatial axes; `conv1d.ts` and `conv2d.ts` fix the number. */
import { sizeOf } from '@jetsdk/jets';

import { int, ints, transpose } from '@jetsdk/onnx';
import type { Emitter, Value } from '../../graph/emitter.js';
import type { Array64, LayerRule, Shape, Weights } from '../rule.js';
import { type Activation, activationOf, applyActivation, emitActivation } from './activations.js';
import type { LayerConfig } from './config.js';
import { needPixels, needRank } from './shapes.js';
import { addBias, forEachTap } from './spatial.js';
import { type Padding, pads, windows } from './window.js';

/** What all convolutions have in their configuration. */
export interface WindowConfig {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dilations: readonly number[];
  readonly useBias: boolean;
  readonly activation: Activation;
}

export interface ConvolutionConfig extends WindowConfig {
  readonly filters: number;
}

/** The part of the configuration that all convolutions share. */
export function windowConfig(config: LayerConfig, axes: number): WindowConfig {
  const parsed = {
    kernelSize: config.counts('kernel_size', axes),
    strides: config.counts('strides', axes, new Array(axes).fill(1)),
    padding: config.choice('padding', ['valid', 'same'] as const, 'valid'),
    dilations: config.counts('dilation_rate', axes, new Array(axes).fill(1)),
    useBias: config.boolean('use_bias', true),
    activation: activationOf(config),
  };
  if (parsed.strides.some((stride) => stride > 1) && parsed.dilations.some((dilation) => dilation > 1))
    throw config.refuse('dilation_rate', 'dilation with strides of 1 (tfjs runs no other)');
  return parsed;
}

/** Spatial output sizes. */
export function outputPixels({ kernelSize, strides, padding, dilations }: WindowConfig, input: Shape): number[] {
  return windows(input, kernelSize, strides, padding, dilations).map(({ out }) => out);
}

/** A Conv node on channels-first data, with its bias. */
export function emitConv(
  config: WindowConfig,
  x: Value,
  kernel: string,
  bias: Float32Array | undefined,
  groups: number,
  filters: number,
  to: Emitter,
): Value {
  const input = to.channelsFirst(x);
  const spatial = x.shape.slice(0, -1);
  const all = windows(spatial, config.kernelSize, config.strides, config.padding, config.dilations);
  return to.node(
    'Conv',
    bias === undefined ? [input, kernel] : [input, kernel, to.floats('bias', [filters], () => bias)],
    { shape: [...all.map(({ out }) => out), filters], layout: 'first' },
    {
      kernel_shape: ints(config.kernelSize),
      strides: ints(config.strides),
      pads: ints(pads(all)),
      dilations: ints(config.dilations),
      group: int(groups),
    },
  );
}

export function convolution(kind: string, axes: number): LayerRule<ConvolutionConfig> {
  return {
    kind,
    supports: 'strides, padding valid and same, dilation, bias, every activation; channels last',
    operators: ['Conv'],

    parse(config) {
      const filters = config.count('filters');
      config.channelsLast();
      const parsed = { filters, ...windowConfig(config, axes) };
      config.done();
      return parsed;
    },

    outputShape(config, [input]) {
      needRank(kind, input, axes + 1);
      return needPixels(kind, input, [...outputPixels(config, input.slice(0, -1)), config.filters]);
    },

    weights({ kernelSize, filters, useBias }, [input]) {
      const kernel = [...kernelSize, input[axes], filters];
      return useBias ? { kernel, bias: [filters] } : { kernel };
    },

    forward(config, [x], { kernel, bias }: Weights): Array64 {
      const spatial = x.shape.slice(0, -1);
      const channels = x.shape[axes];
      const { filters, kernelSize, strides, padding, dilations } = config;
      const all = windows(spatial, kernelSize, strides, padding, dilations);
      const shape = [...all.map(({ out }) => out), filters];
      const data = new Float64Array(sizeOf(shape));
      forEachTap(spatial, kernelSize, strides, dilations, all, (out, at, tap) => {
        for (let c = 0; c < channels; c++)
          for (let f = 0; f < filters; f++)
            data[out * filters + f] += x.data[at * channels + c] * kernel.data[(tap * channels + c) * filters + f];
      });
      return applyActivation(config.activation, addBias({ shape, data }, bias?.data));
    },

    emit(config, [x], { kernel, bias }, to) {
      const channels = x.shape[axes];
      const spatialAxes = config.kernelSize.map((_, axis) => axis);
      const weight = to.floats('kernel', [config.filters, channels, ...config.kernelSize], () =>
        transpose(kernel.data, kernel.shape, [axes + 1, axes, ...spatialAxes]),
      );
      const y = emitConv(config, x, weight, bias?.data, 1, config.filters, to);
      return emitActivation(config.activation, y, to);
    },
  };
}
