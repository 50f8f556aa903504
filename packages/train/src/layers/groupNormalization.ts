import { add, div, moments, mul, reshape, sqrt, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers, type Shape } from '@tensorflow/tfjs-layers';
import { type LayerConfig, type LayerShape, onlyShape, onlyTensor } from './layer.js';

export interface GroupNormalizationConfig extends LayerConfig {
  /** divides the number of channels; −1: as many as there are channels; default 32 */
  readonly groups?: number;
  /** default 1e-3 */
  readonly epsilon?: number;
  /** whether there is a shift, `beta`; default true */
  readonly center?: boolean;
  /** whether there is a factor, `gamma`; default true */
  readonly scale?: boolean;
}

/**
 * Subtracts the mean of each group of channels over all pixels, and divides by its standard deviation.
 * Weights: `gamma` [channels], `beta` [channels].
 *
 * @see Wu, He: Group normalization, arXiv:1803.08494
 */
export class GroupNormalization extends layers.Layer {
  static readonly className = 'GroupNormalization';
  readonly #groups: number;
  readonly #epsilon: number;
  readonly #center: boolean;
  readonly #scale: boolean;
  #gamma: LayerVariable | undefined;
  #beta: LayerVariable | undefined;

  constructor(config: GroupNormalizationConfig = {}) {
    super({ ...config });
    this.#groups = config.groups ?? 32;
    this.#epsilon = config.epsilon ?? 1e-3;
    this.#center = config.center ?? true;
    this.#scale = config.scale ?? true;
  }

  override build(inputShape: LayerShape): void {
    const channels = onlyShape(inputShape).at(-1)!;
    if (this.#scale) this.#gamma = this.addWeight('gamma', [channels], 'float32', initializers.ones());
    if (this.#center) this.#beta = this.addWeight('beta', [channels], 'float32', initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = onlyTensor(inputs);
      const channels = x.shape.at(-1)!;
      const groups = this.#groups === -1 ? channels : this.#groups;
      const grouped = reshape(x, [x.shape[0], -1, groups, channels / groups]);
      const { mean, variance } = moments(grouped, [1, 3], true);
      const normal = reshape(div(sub(grouped, mean), sqrt(add(variance, this.#epsilon))), x.shape as Shape as number[]);
      const scaled = this.#gamma ? mul(normal, this.#gamma.read()) : normal;
      return this.#beta ? add(scaled, this.#beta.read()) : scaled;
    });
  }

  override getConfig() {
    const own = { groups: this.#groups, epsilon: this.#epsilon, center: this.#center, scale: this.#scale };
    return { ...super.getConfig(), ...own };
  }
}
