import { div, maximum, sqrt, square, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { type LayerConfig, type LayerShape, onlyTensor } from './layer.js';

export interface UnitNormalizationConfig extends LayerConfig {
  /** one axis or several, counted with the jets; default the last */
  readonly axis?: number | readonly number[];
  /** smallest length that is divided by; default 1e-12 */
  readonly epsilon?: number;
}

/** Divides by the Euclidean length along some axes. */
export class UnitNormalization extends layers.Layer {
  static readonly className = 'UnitNormalization';
  readonly #axis: readonly number[];
  readonly #epsilon: number;

  constructor(config: UnitNormalizationConfig = {}) {
    super({ ...config });
    this.#axis = [config.axis ?? -1].flat();
    this.#epsilon = config.epsilon ?? 1e-12;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = onlyTensor(inputs);
      const squares = sum(square(x), [...this.#axis], true);
      return div(x, sqrt(maximum(squares, this.#epsilon ** 2)));
    });
  }

  override getConfig() {
    return { ...super.getConfig(), axis: [...this.#axis], epsilon: this.#epsilon };
  }
}
