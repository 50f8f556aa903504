/** @file What the layers of our own have in common. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers, Shape } from '@tensorflow/tfjs-layers';

/** Settings every layer takes. */
export interface LayerConfig {
  readonly name?: string;
  /** of one jet, for the first layer of a network */
  readonly inputShape?: number[];
}

/** As TensorFlow.js passes shapes to layers: one, or one for each input. */
export type LayerShape = Parameters<layers.Layer['computeOutputShape']>[0];

/** The shape of the only input. */
export function onlyShape(shape: LayerShape): Shape {
  return Array.isArray(shape[0]) ? shape[0] : (shape as Shape);
}

/** The only input. */
export function onlyTensor(inputs: Tensor | Tensor[]): Tensor {
  return Array.isArray(inputs) ? inputs[0] : inputs;
}
