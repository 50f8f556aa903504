import { add, matMul, mul, reshape, softmax, type Tensor, tidy, transpose } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers, type Shape } from '@tensorflow/tfjs-layers';
import { derivedSeed } from '../seeds.js';
import type { LayerConfig, LayerShape } from './layer.js';
import { SeededDropout } from './seededDropout.js';

export interface MultiHeadAttentionConfig extends LayerConfig {
  readonly numHeads: number;
  /** numbers of each query and key of a head */
  readonly keyDim: number;
  /** numbers of each value of a head; default: as of the keys */
  readonly valueDim?: number | null;
  /** numbers of the output; default: those of the queries */
  readonly outputDim?: number | null;
  /** default true */
  readonly useBias?: boolean;
  /** share of the attention that is dropped in training, in [0, 1); default 0 */
  readonly dropout?: number;
  /** of the initial kernels and the dropout */
  readonly seed?: number;
}

/** A linear map of the last axis. */
interface Projection {
  readonly kernel: LayerVariable;
  readonly bias: LayerVariable | undefined;
}

/**
 * Attention of each row of the first input to the rows of the others, by several heads.
 * Inputs: queries (n, t, d), values (n, s, …), and keys (n, s, …), which are the values unless given.
 * Weights: `kernel` [d, heads, numbers] and `bias` [heads, numbers] of `query`, `key` and `value`,
 * `attention_output/kernel` [heads, numbers, outputs] and `attention_output/bias` [outputs].
 *
 * @see Vaswani et al.: Attention is all you need, arXiv:1706.03762
 */
export class MultiHeadAttention extends layers.Layer {
  static readonly className = 'MultiHeadAttention';
  readonly #config: MultiHeadAttentionConfig;
  readonly #dropout: SeededDropout | undefined;
  readonly #projections = new Map<string, Projection>();

  constructor(config: MultiHeadAttentionConfig) {
    super({ ...config });
    this.#config = config;
    if (config.dropout) this.#dropout = new SeededDropout({ rate: config.dropout, seed: config.seed ?? 0 });
  }

  /** which mask comes next; set by the trainer before each step */
  get step(): number {
    return this.#dropout?.step ?? 0;
  }

  set step(step: number) {
    if (this.#dropout) this.#dropout.step = step;
  }

  override build(inputShape: LayerShape): void {
    const { numHeads: heads, keyDim } = this.#config;
    const valueDim = this.#config.valueDim ?? keyDim;
    const [query, value, key = value] = inputShape as [Shape, Shape, Shape?];
    const width = (shape: Shape): number => shape[2]!;
    this.#project('query', [width(query), heads, keyDim], [heads, keyDim]);
    this.#project('key', [width(key), heads, keyDim], [heads, keyDim]);
    this.#project('value', [width(value), heads, valueDim], [heads, valueDim]);
    const outputs = this.#config.outputDim ?? width(query);
    this.#project('attention_output', [heads, valueDim, outputs], [outputs]);
    this.built = true;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const [query] = inputShape as [Shape];
    return [query[0], query[1], this.#config.outputDim ?? query[2]];
  }

  override call(inputs: Tensor | Tensor[], kwargs?: { training?: boolean }): Tensor {
    return tidy(() => {
      const [query, value, key = value] = inputs as [Tensor, Tensor, Tensor?];
      const scaled = mul(this.#heads('query', query), 1 / Math.sqrt(this.#config.keyDim));
      const attention = softmax(matMul(scaled, this.#heads('key', key), false, true));
      const kept = this.#dropout ? (this.#dropout.call(attention, kwargs) as Tensor) : attention;
      const found = transpose(matMul(kept, this.#heads('value', value)), [0, 2, 1, 3]);
      const { kernel, bias } = this.#projections.get('attention_output')!;
      const [heads, numbers, outputs] = kernel.shape as [number, number, number];
      const rows = reshape(found, [-1, heads * numbers]);
      const y = matMul(rows, reshape(kernel.read(), [heads * numbers, outputs]));
      const shape = [query.shape[0]!, query.shape[1]!, outputs];
      return reshape(bias ? add(y, bias.read()) : y, shape);
    });
  }

  override getConfig(): ReturnType<layers.Layer['getConfig']> {
    const { numHeads, keyDim, valueDim = null, outputDim = null, useBias = true, dropout = 0, seed } = this.#config;
    const seeded = seed === undefined ? {} : { seed };
    return { ...super.getConfig(), numHeads, keyDim, valueDim, outputDim, useBias, dropout, ...seeded };
  }

  #project(name: string, shape: number[], biasShape: number[]): void {
    const index = this.#projections.size;
    const { seed } = this.#config;
    const initial = initializers.glorotUniform(
      seed === undefined ? {} : { seed: derivedSeed(seed, 'initialise', index) },
    );
    const kernel = this.addWeight(`${name}/kernel`, shape, 'float32', initial);
    const bias =
      this.#config.useBias === false
        ? undefined
        : this.addWeight(`${name}/bias`, biasShape, 'float32', initializers.zeros());
    this.#projections.set(name, { kernel, bias });
  }

  /** (n, rows, d) → (n, heads, rows, numbers) */
  #heads(name: string, x: Tensor): Tensor {
    const { kernel, bias } = this.#projections.get(name)!;
    const [width, heads, numbers] = kernel.shape as [number, number, number];
    const [jets, rows] = x.shape as [number, number];
    const y = matMul(reshape(x, [-1, width]), reshape(kernel.read(), [width, heads * numbers]));
    const shifted = bias ? add(y, reshape(bias.read(), [heads * numbers])) : y;
    return transpose(reshape(shifted, [jets, rows, heads, numbers]), [0, 2, 1, 3]);
  }
}
