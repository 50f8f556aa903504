import { JetError, quoted, sizeOf } from '@jetsdk/jets';
import { add, matMul, reshape, type Tensor, tidy, transpose } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers } from '@tensorflow/tfjs-layers';
import { type LayerConfig, type LayerShape, onlyShape, onlyTensor } from './layer.js';

/** Name of an activation of TensorFlow.js. */
export type ActivationName = NonNullable<Parameters<typeof layers.dense>[0]['activation']>;

export interface EinsumDenseConfig extends LayerConfig {
  /** in small letters, e.g. `abc,cd->abd`: the input, which begins with the jets, the kernel, and the output */
  readonly equation: string;
  /** of one jet; null for a length that the input has */
  readonly outputShape: number | readonly (number | null)[];
  /** axes of the output that have biases of their own; default: no bias */
  readonly biasAxes?: string | null;
  readonly activation?: ActivationName;
  /** of the initial kernel */
  readonly seed?: number;
}

/** Letters of the axes of input, kernel and output. */
interface Letters {
  readonly input: string;
  readonly kernel: string;
  readonly output: string;
}

/**
 * A product of input and kernel, summed over the axes that the output lacks, as an equation says it.
 * Weights: `kernel`, `bias`.
 */
export class EinsumDense extends layers.Layer {
  static readonly className = 'EinsumDense';
  readonly #config: EinsumDenseConfig;
  readonly #activation: layers.Layer;
  #kernel: LayerVariable | undefined;
  #bias: LayerVariable | undefined;

  constructor(config: EinsumDenseConfig) {
    super({ ...config });
    this.#config = config;
    this.#activation = layers.activation({ activation: config.activation ?? 'linear' });
  }

  override build(inputShape: LayerShape): void {
    const { kernel, output, lengths } = this.#axes(onlyShape(inputShape));
    const shapeOf = (letters: string): number[] => Array.from(letters, (letter) => lengths.get(letter)!);
    const { biasAxes, seed } = this.#config;
    const initial = initializers.glorotUniform(seed === undefined ? {} : { seed });
    this.#kernel = this.addWeight('kernel', shapeOf(kernel), 'float32', initial);
    if (biasAxes) {
      const from = Math.min(...Array.from(biasAxes, (letter) => output.indexOf(letter)));
      const shape = Array.from(output.slice(from), (letter) => (biasAxes.includes(letter) ? lengths.get(letter)! : 1));
      this.#bias = this.addWeight('bias', shape, 'float32', initializers.zeros());
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const shape = onlyShape(inputShape);
    const { output, lengths } = this.#axes(shape);
    return [shape[0], ...Array.from(output.slice(1), (letter) => lengths.get(letter)!)];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = onlyTensor(inputs);
      const { input, kernel, output, lengths } = this.#axes(x.shape);
      lengths.set(input[0], x.shape[0]);
      const pick = (from: string, keep: (letter: string) => boolean): string => Array.from(from).filter(keep).join('');
      const shared = pick(input, (letter) => kernel.includes(letter) && output.includes(letter));
      const summed = pick(input, (letter) => kernel.includes(letter) && !output.includes(letter));
      const rows = pick(input, (letter) => !kernel.includes(letter));
      const columns = pick(kernel, (letter) => !input.includes(letter));
      const size = (letters: string): number => sizeOf(Array.from(letters, (letter) => lengths.get(letter)!));
      const matrices = (tensor: Tensor, from: string, first: string, second: string): Tensor =>
        reshape(transpose(tensor, permutation(from, shared + first + second)), [
          size(shared),
          size(first),
          size(second),
        ]);
      const product = matMul(matrices(x, input, rows, summed), matrices(this.#kernel!.read(), kernel, summed, columns));
      const made = shared + rows + columns;
      const y = transpose(
        reshape(
          product,
          Array.from(made, (letter) => lengths.get(letter)!),
        ),
        permutation(made, output),
      );
      return this.#activation.call(this.#bias ? add(y, this.#bias.read()) : y, {}) as Tensor;
    });
  }

  override getConfig(): ReturnType<layers.Layer['getConfig']> {
    const { equation, outputShape, biasAxes = null, seed } = this.#config;
    const shape = [outputShape].flat();
    const activation = this.#activation.getConfig()['activation'] as string;
    const seeded = seed === undefined ? {} : { seed };
    return { ...super.getConfig(), equation, outputShape: shape, biasAxes, activation, ...seeded };
  }

  /** The equation with a letter for every axis, and how long each is; the jets have no length. */
  #axes(shape: readonly (number | null)[]): Letters & { readonly lengths: Map<string, number | null> } {
    const { equation, outputShape } = this.#config;
    const letters = lettersOf(equation, shape.length);
    const lengths = new Map<string, number | null>(
      Array.from(letters.input, (letter, i) => [letter, shape[i] ?? null]),
    );
    const made = [outputShape].flat();
    Array.from(letters.output)
      .reverse()
      .forEach((letter, i) => {
        if (!lengths.has(letter)) lengths.set(letter, made[made.length - 1 - i] ?? null);
      });
    return { ...letters, lengths };
  }
}

/** Where each of `to` stands in `from`. */
const permutation = (from: string, to: string): number[] => Array.from(to, (letter) => from.indexOf(letter));

/** @throws {JetError} UNSUPPORTED for what is no product of input and kernel */
function lettersOf(equation: string, rank: number): Letters {
  const [, given = '', kernel = '', made = ''] =
    /^((?:\.{3})?[a-z]+),([a-z]+)->((?:\.{3})?[a-z]+)$/.exec(equation.replaceAll(' ', '')) ?? [];
  const elided = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.slice(0, Math.max(0, rank - given.replace('...', '').length));
  const [input, output] = [given, made].map((part) => part.replace('...', elided)) as [string, string];
  const known = (from: string, ...others: string[]) =>
    Array.from(from).every((letter) => others.some((other) => other.includes(letter)));
  const distinct = [input, kernel, output].every((part) => new Set(part).size === part.length);
  if (
    input.length !== rank ||
    !distinct ||
    input[0] !== output[0] ||
    kernel.includes(input[0] ?? '') ||
    !known(input, kernel, output) ||
    !known(kernel, input, output) ||
    !known(output, input, kernel)
  )
    throw new JetError(
      'UNSUPPORTED',
      `EinsumDense: got equation ${quoted(equation)} for an input of ${rank} axes; expected one in small letters such as abc,cd->abd, where the first axis is that of the jets`,
      { equation, rank },
    );
  return { input, kernel, output };
}
