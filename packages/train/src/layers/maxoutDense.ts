import { add, matMul, max, reshape, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers } from '@tensorflow/tfjs-layers';
import { type LayerConfig, type LayerShape, onlyShape, onlyTensor } from './layer.js';

export interface MaxoutDenseConfig extends LayerConfig {
  readonly units: number;
  /** linear pieces of each unit */
  readonly pieces: number;
  /** of the initial kernel */
  readonly seed?: number;
}

/**
 * The largest of `pieces` dense outputs for each unit.
 * Weights: `kernel` [inputs, pieces · units], `bias` [pieces · units], pieces outermost.
 *
 * @see Goodfellow et al.: Maxout networks, arXiv:1302.4389
 */
export class MaxoutDense extends layers.Layer {
  static readonly className = 'MaxoutDense';
  readonly #units: number;
  readonly #pieces: number;
  readonly #seed: number | undefined;
  #kernel: LayerVariable | undefined;
  #bias: LayerVariable | undefined;

  constructor(config: MaxoutDenseConfig) {
    super({ ...config });
    this.#units = config.units;
    this.#pieces = config.pieces;
    this.#seed = config.seed;
  }

  override build(inputShape: LayerShape): void {
    const inputs = onlyShape(inputShape).at(-1)!;
    const outputs = this.#units * this.#pieces;
    const kernel = initializers.glorotUniform(this.#seed === undefined ? {} : { seed: this.#seed });
    this.#kernel = this.addWeight('kernel', [inputs, outputs], 'float32', kernel);
    this.#bias = this.addWeight('bias', [outputs], 'float32', initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return [...onlyShape(inputShape).slice(0, -1), this.#units];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const all = add(matMul(onlyTensor(inputs), this.#kernel!.read()), this.#bias!.read());
      return max(reshape(all, [-1, this.#pieces, this.#units]), 1);
    });
  }

  override getConfig(): ReturnType<layers.Layer['getConfig']> {
    const seed = this.#seed === undefined ? {} : { seed: this.#seed };
    return { ...super.getConfig(), units: this.#units, pieces: this.#pieces, ...seed };
  }
}
