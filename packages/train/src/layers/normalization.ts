import { sizeOf } from '@jetsdk/jets';
import { add, div, maximum, mul, reshape, sqrt, sub, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, layers } from '@tensorflow/tfjs-layers';
import { type LayerConfig, type LayerShape, onlyShape, onlyTensor } from './layer.js';

/** A number, or lists of numbers in lists. */
export type NestedNumbers = number | readonly NestedNumbers[];

export interface NormalizationConfig extends LayerConfig {
  /** axes, counted with the jets, whose positions have means of their own; none: one mean for all; default the last */
  readonly axis?: number | readonly number[] | null;
  /** until weights are set; default 0 */
  readonly mean?: NestedNumbers | null;
  /** until weights are set; default 1 */
  readonly variance?: NestedNumbers | null;
  /** whether it undoes what it does otherwise */
  readonly invert?: boolean;
}

/** Smallest standard deviation that is divided by, as in Keras. */
const EPSILON = 1e-7;

/**
 * (x − mean) / √variance, with numbers that are not trained.
 * Weights: `mean` and `variance`, of the lengths of the axes.
 */
export class Normalization extends layers.Layer {
  static readonly className = 'Normalization';
  /** whether mean and variance were chosen, so that files of Keras hold none */
  readonly chosen: boolean;
  readonly #axis: readonly number[];
  readonly #initial: { readonly mean: NestedNumbers; readonly variance: NestedNumbers };
  readonly #invert: boolean;
  #mean: LayerVariable | undefined;
  #variance: LayerVariable | undefined;

  constructor(config: NormalizationConfig = {}) {
    super({ ...config });
    this.#axis = config.axis === null ? [] : [config.axis ?? -1].flat();
    this.#initial = { mean: config.mean ?? 0, variance: config.variance ?? 1 };
    this.#invert = config.invert ?? false;
    this.chosen = typeof config.mean === 'number' || Array.isArray(config.mean);
  }

  override build(inputShape: LayerShape): void {
    const shape = this.#axes(onlyShape(inputShape)).map((axis) => onlyShape(inputShape)[axis]!);
    this.#mean = this.addWeight('mean', shape, 'float32', initializers.zeros(), undefined, false);
    this.#variance = this.addWeight('variance', shape, 'float32', initializers.ones(), undefined, false);
    this.#mean.write(filled(this.#initial.mean, shape));
    this.#variance.write(filled(this.#initial.variance, shape));
    this.built = true;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = onlyTensor(inputs);
      const axes = this.#axes(x.shape);
      const broad = x.shape.map((length, axis) => (axes.includes(axis) ? length : 1));
      const mean = reshape(this.#mean!.read(), broad);
      const spread = maximum(sqrt(reshape(this.#variance!.read(), broad)), EPSILON);
      return this.#invert ? add(mul(x, spread), mean) : div(sub(x, mean), spread);
    });
  }

  override getConfig() {
    return { ...super.getConfig(), axis: [...this.#axis], invert: this.#invert };
  }

  /** Rising, from 1. */
  #axes(shape: readonly unknown[]): number[] {
    return this.#axis.map((axis) => (axis < 0 ? axis + shape.length : axis)).sort((a, b) => a - b);
  }
}

function filled(value: NestedNumbers, shape: readonly number[]): Tensor {
  const numbers = numbersIn(value);
  const size = sizeOf(shape);
  return tensor(numbers.length === 1 ? new Array<number>(size).fill(numbers[0]) : numbers, [...shape]);
}

const numbersIn = (value: NestedNumbers): number[] => (typeof value === 'number' ? [value] : value.flatMap(numbersIn));
