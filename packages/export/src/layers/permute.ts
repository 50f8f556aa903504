import { ints } from '@jetsdk/onnx';
import type { LayerRule } from './rule.js';
import { needRank } from './shared/shapes.js';
import { forEachIndex, stridesOf } from './shared/spatial.js';

/** Axis `i` of the result is axis `dims[i]` of the input, the batch being axis 0. */
type Dims = readonly number[];

/**
 * @see https://js.tensorflow.org/api/latest/#layers.permute
 * @see https://onnx.ai/onnx/operators/onnx__Transpose.html
 */
export const permute: LayerRule<Dims> = {
  kind: 'Permute',
  supports: 'any order of the axes',
  operators: ['Transpose'],

  parse(config) {
    const dims = config.value('dims');
    config.done();
    if (!Array.isArray(dims) || ![...dims].sort((a, b) => a - b).every((dim, i) => dim === i + 1))
      throw config.refuse('dims', 'each axis from 1 on once');
    return dims;
  },

  outputShape(dims, [input]) {
    needRank('Permute', input, dims.length);
    return dims.map((dim) => input[dim - 1]);
  },

  forward(dims, [x]) {
    const shape = dims.map((dim) => x.shape[dim - 1]);
    const strides = stridesOf(x.shape);
    const data = new Float64Array(x.data.length);
    let i = 0;
    forEachIndex(shape, (index) => {
      data[i++] = x.data[index.reduce((at, position, axis) => at + position * strides[dims[axis] - 1], 0)];
    });
    return { shape, data };
  },

  emit(dims, [x], _, to) {
    const out = { shape: dims.map((dim) => x.shape[dim - 1]), layout: 'last' } as const;
    return to.node('Transpose', [to.channelsLast(x)], out, { perm: ints([0, ...dims]) });
  },
};
