/** @file Max and average pooling over any number of spatial axes. */
import { sizeOf } from '@jetsdk/jets';
import { ints } from '@jetsdk/onnx';
import type { LayerRule } from '../rule.js';
import { needPixels, needRank } from './shapes.js';
import { forEachTap } from './spatial.js';
import { type Padding, pads, windows } from './window.js';

export interface PoolingConfig {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
}

/**
 * Pads are explicit and `ceil_mode` is never written: runtimes disagree on it. Padding counts neither for the maximum
 * nor for the average.
 */
export function pooling(kind: string, opType: 'MaxPool' | 'AveragePool', axes: number): LayerRule<PoolingConfig> {
  return {
    kind,
    supports: 'strides, padding valid and same; channels last',
    operators: [opType],

    parse(config) {
      const poolSize = config.counts('pool_size', axes, new Array(axes).fill(2));
      const parsed = {
        poolSize,
        strides: config.counts('strides', axes, poolSize),
        padding: config.choice('padding', ['valid', 'same'] as const, 'valid'),
      };
      config.channelsLast();
      config.done();
      return parsed;
    },

    outputShape({ poolSize, strides, padding }, [input]) {
      needRank(kind, input, axes + 1);
      const all = windows(input.slice(0, -1), poolSize, strides, padding);
      return needPixels(kind, input, [...all.map(({ out }) => out), input[axes]]);
    },

    forward({ poolSize, strides, padding }, [x]) {
      const spatial = x.shape.slice(0, -1);
      const channels = x.shape[axes];
      const all = windows(spatial, poolSize, strides, padding);
      const shape = [...all.map(({ out }) => out), channels];
      const max = opType === 'MaxPool';
      const data = new Float64Array(sizeOf(shape)).fill(max ? -Infinity : 0);
      const taps = new Float64Array(data.length / channels);
      forEachTap(spatial, poolSize, strides, [1, 1], all, (out, at) => {
        taps[out]++;
        for (let c = 0; c < channels; c++) {
          const value = x.data[at * channels + c];
          const to = out * channels + c;
          data[to] = max ? Math.max(data[to], value) : data[to] + value;
        }
      });
      return { shape, data: max ? data : data.map((sum, i) => sum / taps[Math.floor(i / channels)]) };
    },

    emit({ poolSize, strides, padding }, [x], _, to) {
      const all = windows(x.shape.slice(0, -1), poolSize, strides, padding);
      return to.node(
        opType,
        [to.channelsFirst(x)],
        { shape: [...all.map(({ out }) => out), x.shape[axes]], layout: 'first' },
        { kernel_shape: ints(poolSize), strides: ints(strides), pads: ints(pads(all)) },
      );
    },
  };
}
