import { engine, getBackend, mul, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { WEIGHTED_SUM } from '../backend/wasm/kernels/shares.js';
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
    if (getBackend() === 'wasm') return engine().runKernel<Tensor>(WEIGHTED_SUM, { x: values, weights });
    return tidy(() => sum(mul(values, weights), -1, true));
  }
}
