import { reverse, type Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { type LayerConfig, type LayerShape, onlyTensor } from './layer.js';

export interface MirrorConfig extends LayerConfig {
  /** along which images run backwards, rising: 1 for rows (η), 2 for columns (φ) */
  readonly axes: readonly number[];
}

/** Images mirrored along some axes, (n, height, width, channels). */
export class Mirror extends layers.Layer {
  static readonly className = 'Mirror';
  readonly #axes: number[];

  constructor(config: MirrorConfig) {
    super({ ...config });
    this.#axes = [...config.axes];
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return reverse(onlyTensor(inputs), this.#axes);
  }

  override getConfig() {
    return { ...super.getConfig(), axes: this.#axes };
  }
}
