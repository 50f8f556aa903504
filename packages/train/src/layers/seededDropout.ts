import { random, sizeOf } from '@jetsdk/jets';
import { mul, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { derivedSeed } from '../seeds.js';
import { type LayerConfig, type LayerShape, onlyTensor } from './layer.js';

export interface SeededDropoutConfig extends LayerConfig {
  /** share of the inputs that are set to 0, in [0, 1) */
  readonly rate: number;
  /** an integer in [0, 2³²) */
  readonly seed: number;
  /** whether whole channels are dropped, in place of single numbers */
  readonly spatial?: boolean;
}

/**
 * Dropout whose mask follows from its seed and the training step, another one at each step.
 * (The stock layer with a seed draws the same mask every time.) At inference it does nothing.
 */
export class SeededDropout extends layers.Layer {
  static readonly className = 'SeededDropout';
  /** which mask comes next; set by the trainer before each step */
  step = 0;
  readonly #rate: number;
  readonly #seed: number;
  readonly #spatial: boolean;

  constructor(config: SeededDropoutConfig) {
    super({ ...config });
    this.#rate = config.rate;
    this.#seed = config.seed;
    this.#spatial = config.spatial ?? false;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override call(inputs: Tensor | Tensor[], kwargs?: { training?: boolean }): Tensor {
    const x = onlyTensor(inputs);
    if (!kwargs?.training) return x.clone();
    const rng = random(derivedSeed(this.#seed, 'dropout', this.step));
    const limit = this.#rate * 2 ** 32;
    const kept = 1 / (1 - this.#rate);
    const last = x.shape.length - 1;
    const shape = x.shape.map((length, axis) => (this.#spatial && axis > 0 && axis < last ? 1 : length));
    const mask = Float32Array.from({ length: sizeOf(shape) }, () => (rng.uint32() < limit ? 0 : kept));
    return tidy(() => mul(x, tensor(mask, shape)));
  }

  override getConfig(): ReturnType<layers.Layer['getConfig']> {
    const spatial = this.#spatial ? { spatial: true } : {};
    return { ...super.getConfig(), rate: this.#rate, seed: this.#seed, ...spatial };
  }
}
