import {
  abs,
  engine,
  exp,
  expandDims,
  getBackend,
  neg,
  reshape,
  sub,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { ALIKE } from '../backend/wasm/kernels/alike.js';
import { type LayerConfig, type LayerShape, onlyShape, onlyTensor } from './layer.js';

export interface MinibatchDiscriminationConfig extends LayerConfig {
  readonly kernels: number;
  /** numbers that each kernel compares */
  readonly dimensions: number;
}

/**
 * How much a row is like the others of its batch: (batch, kernels · dimensions) to (batch, kernels), the sum over the batch,
 * itself included, of exp(−‖difference‖₁) for each kernel. A discriminator sees by it when a generator makes one image again
 * and again.
 *
 * @see Salimans et al., arXiv:1606.03498, section 3.2
 */
export class MinibatchDiscrimination extends layers.Layer {
  static readonly className = 'MinibatchDiscrimination';
  readonly #kernels: number;
  readonly #dimensions: number;

  constructor(config: MinibatchDiscriminationConfig) {
    super({ ...config });
    this.#kernels = config.kernels;
    this.#dimensions = config.dimensions;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return [onlyShape(inputShape)[0], this.#kernels];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = onlyTensor(inputs);
      if (getBackend() === 'wasm')
        return engine().runKernel<Tensor>(ALIKE, { x }, { kernels: this.#kernels, dimensions: this.#dimensions });
      const rows = x.shape[0];
      const pairs = abs(sub(expandDims(x, 1), expandDims(x, 0)));
      const distances = sum(reshape(pairs, [rows * rows * this.#kernels, this.#dimensions]), 1);
      return sum(reshape(exp(neg(distances)), [rows, rows, this.#kernels]), 1);
    });
  }

  override getConfig(): ReturnType<layers.Layer['getConfig']> {
    return { ...super.getConfig(), kernels: this.#kernels, dimensions: this.#dimensions };
  }
}
