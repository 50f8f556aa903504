import { getBackend, mul, softmax, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { weightedMean } from '../backend/wasm/kernels/weightedMean.js';
import type { LayerShape } from './layer.js';

/** Two inputs of one shape, values and logits: the mean of the values over the last axis, which stays with length 1, weighted by the softmax of the logits. */
export class WeightedMean extends layers.Layer {
  static readonly className = 'WeightedMean';

  override computeOutputShape(inputShapes: LayerShape): LayerShape {
    const [values] = inputShapes as Shape[];
    return [...values.slice(0, -1), 1];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const [values, logits] = inputs as Tensor[];
    return tidy(() =>
      getBackend() === 'wasm' ? weightedMean(values, logits) : sum(mul(values, softmax(logits)), -1, true),
    );
  }
}
