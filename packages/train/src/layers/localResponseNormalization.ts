import { localResponseNormalization, type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { type LayerConfig, type LayerShape, onlyTensor } from './layer.js';

export interface LocalResponseNormalizationConfig extends LayerConfig {
  /** channels on either side that count; default 2, which is a size of 5 */
  readonly depthRadius?: number;
  /** default 1 */
  readonly bias?: number;
  /** not divided by the size; default 1e-4 */
  readonly alpha?: number;
  /** default 0.75 */
  readonly beta?: number;
}

/**
 * x / (bias + alpha · Σ x² over neighbouring channels)^beta.
 *
 * @see Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural networks, section 3.3
 */
export class LocalResponseNormalization extends layers.Layer {
  static readonly className = 'LocalResponseNormalization';
  readonly #depthRadius: number;
  readonly #bias: number;
  readonly #alpha: number;
  readonly #beta: number;

  constructor(config: LocalResponseNormalizationConfig = {}) {
    super({ ...config });
    this.#depthRadius = config.depthRadius ?? 2;
    this.#bias = config.bias ?? 1;
    this.#alpha = config.alpha ?? 1e-4;
    this.#beta = config.beta ?? 0.75;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = onlyTensor(inputs) as Tensor4D;
      return localResponseNormalization(x, this.#depthRadius, this.#bias, this.#alpha, this.#beta);
    });
  }

  override getConfig() {
    const own = { depthRadius: this.#depthRadius, bias: this.#bias, alpha: this.#alpha, beta: this.#beta };
    return { ...super.getConfig(), ...own };
  }
}
