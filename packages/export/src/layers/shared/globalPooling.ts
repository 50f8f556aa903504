/** @file Max and average over all spatial axes. */

import { int, ints } from '@jetsdk/onnx';
import { physicalAxis } from '../../graph/emitter.js';
import type { LayerRule } from '../rule.js';
import { needRank } from './shapes.js';

export function globalPooling(kind: string, opType: 'ReduceMax' | 'ReduceMean', axes: number): LayerRule<null> {
  return {
    kind,
    supports: 'channels last',
    operators: [opType],

    parse(config) {
      config.channelsLast();
      config.done();
      return null;
    },

    outputShape(_, [input]) {
      needRank(kind, input, axes + 1);
      return [input[axes]];
    },

    forward(_, [x]) {
      const channels = x.shape[axes];
      const pixels = x.data.length / channels;
      const max = opType === 'ReduceMax';
      const data = new Float64Array(channels).fill(max ? Number.NEGATIVE_INFINITY : 0);
      x.data.forEach((value, i) => {
        const c = i % channels;
        data[c] = max ? Math.max(data[c], value) : data[c] + value / pixels;
      });
      return { shape: [channels], data };
    },

    emit(_, [x], __, to) {
      const spatial = x.shape.slice(0, -1).map((_, axis) => physicalAxis(x, axis));
      return to.node(
        opType,
        [x],
        { shape: [x.shape[axes]], layout: 'last' },
        { axes: ints(spatial), keepdims: int(0) },
      );
    },
  };
}
