import { dropout, type Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { type LayerConfig, type LayerShape, onlyTensor } from './layer.js';

export interface SpatialDropout2DConfig extends LayerConfig {
  /** share of the channels that are set to 0, in [0, 1) */
  readonly rate: number;
}

/** Dropout of whole channels of an image. At inference it does nothing. */
export class SpatialDropout2D extends layers.Layer {
  static readonly className = 'SpatialDropout2D';
  readonly #rate: number;

  constructor(config: SpatialDropout2DConfig) {
    super({ ...config });
    this.#rate = config.rate;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override call(inputs: Tensor | Tensor[], kwargs?: { training?: boolean }): Tensor {
    const x = onlyTensor(inputs);
    if (!kwargs?.training) return x.clone();
    return dropout(x, this.#rate, [x.shape[0]!, 1, 1, x.shape[3]!]);
  }

  override getConfig() {
    return { ...super.getConfig(), rate: this.#rate };
  }
}
