import { serialization } from '@tensorflow/tfjs-core';
import { LocallyConnected2D } from './locallyConnected2d.js';
import { LocalResponseNormalization } from './localResponseNormalization.js';
import { MaxoutDense } from './maxoutDense.js';
import { SeededDropout } from './seededDropout.js';
import { addTensorMethods } from './tensorMethods.js';

export type { LocallyConnected2DConfig } from './locallyConnected2d.js';
export type { LocalResponseNormalizationConfig } from './localResponseNormalization.js';
export type { MaxoutDenseConfig } from './maxoutDense.js';
export type { SeededDropoutConfig } from './seededDropout.js';
export { LocallyConnected2D, LocalResponseNormalization, MaxoutDense, SeededDropout };

let registered = false;

/** Makes the layers of our own known to TensorFlow.js, which is needed before a model with them is made or read. */
export function registerLayers(): void {
  if (registered) return;
  registered = true;
  addTensorMethods();
  serialization.registerClass(LocalResponseNormalization);
  serialization.registerClass(MaxoutDense);
  serialization.registerClass(LocallyConnected2D);
  serialization.registerClass(SeededDropout);
}
