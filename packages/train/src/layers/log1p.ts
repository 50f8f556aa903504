import { add, log, mul, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { type LayerConfig, type LayerShape, onlyTensor } from './layer.js';

export interface Log1pConfig extends LayerConfig {
  /** default 1 */
  readonly scale?: number;
}

/** ln(1 + scale · x): brings momenta of several decades to one size; x is not negative. */
export class Log1p extends layers.Layer {
  static readonly className = 'Log1p';
  readonly #scale: number;

  constructor(config: Log1pConfig = {}) {
    super({ ...config });
    this.#scale = config.scale ?? 1;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => log(add(mul(onlyTensor(inputs), this.#scale), 1)));
  }

  override getConfig() {
    return { ...super.getConfig(), scale: this.#scale };
  }
}
