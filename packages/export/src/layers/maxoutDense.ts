import { int, ints } from '@jetsdk/onnx';
import type { LayerRule } from './rule.js';
import { needRank } from './shared/shapes.js';

interface MaxoutConfig {
  readonly units: number;
  readonly pieces: number;
}

/**
 * The SDK's own layer: the largest of `pieces` linear maps, for each unit.
 *
 * @see Goodfellow et al., Maxout networks, arXiv:1302.4389
 * @see https://onnx.ai/onnx/operators/onnx__ReduceMax.html
 */
export const maxoutDense: LayerRule<MaxoutConfig> = {
  kind: 'MaxoutDense',
  supports: 'any number of units and pieces; vectors',
  operators: ['Gemm', 'Reshape', 'ReduceMax'],

  parse(config) {
    const parsed = { units: config.count('units'), pieces: config.count('pieces') };
    config.ignore('seed');
    config.done();
    return parsed;
  },

  outputShape({ units }, [input]) {
    needRank('MaxoutDense', input, 1);
    return [units];
  },

  weights: ({ units, pieces }, [input]) => ({ kernel: [input[0], units * pieces], bias: [units * pieces] }),

  forward({ units, pieces }, [x], { kernel, bias }) {
    const data = new Float64Array(units).fill(Number.NEGATIVE_INFINITY);
    for (let piece = 0; piece < pieces; piece++)
      for (let unit = 0; unit < units; unit++) {
        const column = piece * units + unit;
        let sum = bias.data[column];
        for (let i = 0; i < x.data.length; i++) sum += x.data[i] * kernel.data[i * units * pieces + column];
        data[unit] = Math.max(data[unit], sum);
      }
    return { shape: [units], data };
  },

  emit({ units, pieces }, [x], { kernel, bias }, to) {
    const weight = to.floats('kernel', kernel.shape, () => kernel.data);
    const shift = to.floats('bias', bias.shape, () => bias.data);
    const all = to.node('Gemm', [x, weight, shift], { shape: [units * pieces], layout: 'last' }, { transB: int(0) });
    const apart = to.reshape(all, { shape: [pieces, units], layout: 'last' });
    return to.node('ReduceMax', [apart], { shape: [units], layout: 'last' }, { axes: ints([1]), keepdims: int(0) });
  },
};
