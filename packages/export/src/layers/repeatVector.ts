import type { LayerRule } from './rule.js';
import { needRank } from './shared/shapes.js';

/**
 * @see https://js.tensorflow.org/api/latest/#layers.repeatVector
 * @see https://onnx.ai/onnx/operators/onnx__Tile.html
 */
export const repeatVector: LayerRule<number> = {
  kind: 'RepeatVector',
  supports: 'any count',
  operators: ['Reshape', 'Tile'],

  parse(config) {
    const n = config.count('n');
    config.done();
    return n;
  },

  outputShape(n, [input]) {
    needRank('RepeatVector', input, 1);
    return [n, input[0]];
  },

  forward(n, [x]) {
    const data = new Float64Array(n * x.data.length);
    for (let i = 0; i < n; i++) data.set(x.data, i * x.data.length);
    return { shape: [n, x.data.length], data };
  },

  emit(n, [x], _, to) {
    const row = to.reshape(x, { shape: [1, x.shape[0]], layout: 'last' });
    return to.node('Tile', [row, to.int64s('repeats', [1, n, 1])], { shape: [n, x.shape[0]], layout: 'last' });
  },
};
