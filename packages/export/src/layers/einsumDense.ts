import { JetError, sizeOf } from '@jetsdk/jets';
import { string } from '@jetsdk/onnx';
import type { LayerRule, Shape } from './rule.js';
import { type Activation, activationOf, applyActivation, emitActivation } from './shared/activations.js';
import { forEachIndex, stridesOf } from './shared/spatial.js';

interface EinsumDenseConfig {
  readonly input: string;
  readonly kernel: string;
  readonly output: string;
  /** lengths of the output, from the last axis on; null where the input tells */
  readonly made: readonly (number | null)[];
  readonly biasAxes: string;
  readonly activation: Activation;
}

/** The equation with a letter for every axis of an example, and how long each is. */
function lettersOf({ input: given, kernel, output: made, ...config }: EinsumDenseConfig, shape: Shape) {
  const elided = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.slice(0, Math.max(0, shape.length + 1 - given.replace('...', '').length));
  const [input, output] = [given, made].map((part) => part.replace('...', elided));
  if (input.length !== shape.length + 1)
    throw new JetError('SHAPE_MISMATCH', `EinsumDense: an input [n,${shape}] for axes ${given}`, { shape });
  const lengths = new Map<string, number>([...input].map((letter, i) => [letter, i === 0 ? 1 : shape[i - 1]]));
  [...output].reverse().forEach((letter, i) => {
    if (lengths.has(letter)) return;
    const length = config.made[config.made.length - 1 - i];
    if (typeof length !== 'number')
      throw new JetError('SHAPE_MISMATCH', `EinsumDense: axis ${letter} of the output has no length`, { letter });
    lengths.set(letter, length);
  });
  const shapeOf = (letters: string): number[] => [...letters].map((letter) => lengths.get(letter) ?? 1);
  const first = Math.min(...[...config.biasAxes].map((letter) => output.indexOf(letter)), output.length);
  const bias = [...output.slice(first)].map((letter) =>
    config.biasAxes.includes(letter) ? (lengths.get(letter) ?? 1) : 1,
  );
  return { input, kernel, output, shapeOf, bias };
}

/**
 * A product of input and kernel, summed over the axes that the output lacks.
 *
 * @see https://keras.io/api/layers/core_layers/einsum_dense
 * @see https://onnx.ai/onnx/operators/onnx__Einsum.html
 */
export const einsumDense: LayerRule<EinsumDenseConfig> = {
  kind: 'EinsumDense',
  supports: 'products in small letters that keep the first axis, `...`; bias, every activation',
  operators: ['Einsum', 'Add'],

  parse(config) {
    const equation = config.value('equation');
    const shape = config.value('output_shape');
    const biasAxes = config.value('bias_axes') ?? '';
    const activation = activationOf(config);
    config.ignore('seed');
    config.done();
    const [, input, kernel, output] =
      /^((?:\.{3})?[a-z]+),([a-z]+)->((?:\.{3})?[a-z]+)$/.exec(String(equation).replaceAll(' ', '')) ?? [];
    if (input === undefined || input[0] !== output[0]) throw config.refuse('equation', 'one such as abc,cd->abd');
    const made: readonly unknown[] = Array.isArray(shape) ? shape : [shape];
    if (!made.every((length) => length === null || (Number.isInteger(length) && Number(length) > 0)))
      throw config.refuse('output_shape', 'lengths of at least 1, or null');
    if (typeof biasAxes !== 'string' || ![...biasAxes].every((letter) => output.includes(letter)))
      throw config.refuse('bias_axes', 'axes of the output');
    return { input, kernel, output, made: made as (number | null)[], biasAxes, activation };
  },

  outputShape(config, [input]) {
    const { output, shapeOf } = lettersOf(config, input);
    return shapeOf(output.slice(1));
  },

  weights(config, [input]) {
    const { kernel, shapeOf, bias } = lettersOf(config, input);
    return { kernel: shapeOf(kernel), ...(config.biasAxes === '' ? {} : { bias }) };
  },

  forward(config, [x], { kernel, bias }) {
    const letters = lettersOf(config, x.shape);
    const shape = letters.shapeOf(letters.output.slice(1));
    const all = [...new Set([...letters.input.slice(1), ...letters.kernel])].join('');
    const [ofInput, ofKernel, ofOutput] = [letters.input.slice(1), letters.kernel, letters.output.slice(1)].map(
      (own) => {
        const strides = stridesOf(letters.shapeOf(own));
        return [...all].map((letter) => (own.includes(letter) ? strides[own.indexOf(letter)] : 0));
      },
    );
    const data = new Float64Array(sizeOf(shape));
    forEachIndex(letters.shapeOf(all), (index) => {
      const at = (strides: readonly number[]): number => index.reduce((sum, place, i) => sum + place * strides[i], 0);
      data[at(ofOutput)] += x.data[at(ofInput)] * kernel.data[at(ofKernel)];
    });
    if (bias !== undefined) {
      const missing = shape.length - bias.shape.length;
      const strides = stridesOf(bias.shape).map((stride, axis) => (bias.shape[axis] === 1 ? 0 : stride));
      let i = 0;
      forEachIndex(shape, (index) => {
        data[i++] += bias.data[strides.reduce((sum, stride, axis) => sum + stride * index[axis + missing], 0)];
      });
    }
    return applyActivation(config.activation, { shape, data });
  },

  emit(config, [value], { kernel, bias }, to) {
    const x = to.channelsLast(value);
    const { input, output, shapeOf } = lettersOf(config, x.shape);
    const weight = to.floats('kernel', kernel.shape, () => kernel.data);
    const product = to.node(
      'Einsum',
      [x, weight],
      { shape: shapeOf(output.slice(1)), layout: 'last' },
      { equation: string(`${input},${config.kernel}->${output}`) },
    );
    const y = bias === undefined ? product : to.map('Add', product, [to.floats('bias', bias.shape, () => bias.data)]);
    return emitActivation(config.activation, y, to);
  },
};
