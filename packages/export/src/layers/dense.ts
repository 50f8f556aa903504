import { int } from '@jetsdk/onnx';
import type { LayerRule } from './rule.js';
import { type Activation, activationOf, applyActivation, emitActivation } from './shared/activations.js';
import { addBias } from './shared/spatial.js';

interface DenseConfig {
  readonly units: number;
  readonly useBias: boolean;
  readonly activation: Activation;
}

/**
 * Dense to ONNX Gemm on vectors, MatMul and Add where the input has more axes.
 *
 * @see https://js.tensorflow.org/api/latest/#layers.dense
 * @see https://onnx.ai/onnx/operators/onnx__Gemm.html
 */
export const dense: LayerRule<DenseConfig> = {
  kind: 'Dense',
  supports: 'bias, every activation, inputs of any number of axes',
  operators: ['Gemm', 'MatMul', 'Add'],

  parse(config) {
    const parsed = {
      units: config.count('units'),
      useBias: config.boolean('use_bias', true),
      activation: activationOf(config),
    };
    config.done();
    return parsed;
  },

  outputShape: ({ units }, [input]) => [...input.slice(0, -1), units],

  weights({ units, useBias }, [input]) {
    const kernel = [input[input.length - 1], units];
    return useBias ? { kernel, bias: [units] } : { kernel };
  },

  forward({ units, activation }, [x], { kernel, bias }) {
    const width = x.shape[x.shape.length - 1];
    const rows = x.data.length / width;
    const data = new Float64Array(rows * units);
    for (let row = 0; row < rows; row++)
      for (let i = 0; i < width; i++)
        for (let unit = 0; unit < units; unit++)
          data[row * units + unit] += x.data[row * width + i] * kernel.data[i * units + unit];
    return applyActivation(activation, addBias({ shape: [...x.shape.slice(0, -1), units], data }, bias?.data));
  },

  emit({ units, activation }, [x], { kernel, bias }, to) {
    const input = to.channelsLast(x);
    const weight = to.floats('kernel', kernel.shape, () => kernel.data);
    const shift = bias === undefined ? [] : [to.floats('bias', [units], () => bias.data)];
    const out = { shape: [...x.shape.slice(0, -1), units], layout: 'last' } as const;
    if (x.shape.length === 1)
      return emitActivation(activation, to.node('Gemm', [input, weight, ...shift], out, { transB: int(0) }), to);
    const product = to.node('MatMul', [input, weight], out);
    return emitActivation(activation, shift.length === 0 ? product : to.map('Add', product, shift), to);
  },
};
