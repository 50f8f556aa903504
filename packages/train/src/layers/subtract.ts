import { sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { LayerShape } from './layer.js';

/** The first of two inputs without the second, which have the same shape. */
export class Subtract extends layers.Layer {
  static readonly className = 'Subtract';

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape[0] as LayerShape;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const [a, b] = inputs as [Tensor, Tensor];
    return tidy(() => sub(a, b));
  }
}
