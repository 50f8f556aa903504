import { mul, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import type { LayerShape } from './layer.js';

/** Two inputs of one shape, values and weights: their products, summed over the last axis, which stays with length 1. */
export class WeightedSum extends layers.Layer {
  static readonly className = 'WeightedSum';

  override computeOutputShape(inputShapes: LayerShape): LayerShape {
    const [values] = inputShapes as Shape[];
    return [...values.slice(0, -1), 1];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const [values, weights] = inputs as Tensor[];
    return tidy(() => sum(mul(values, weights), -1, true));
  }
}
