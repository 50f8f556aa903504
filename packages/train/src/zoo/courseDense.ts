import { layers, sequential } from '@tensorflow/tfjs-layers';
import { glorotUniforms } from './initialise.js';
import type { ZooNetwork } from './network.js';

/** Fully connected layers with about as many parameters as `course-cnn`: 114,129 for 30×30 images. */
export const courseDense: ZooNetwork = {
  description: 'two hidden dense layers with as many parameters as course-cnn, for comparison',
  inputShape: [30, 30, 1],
  outputs: 1,
  defaults: { batchSize: 256, learningRate: 1e-3, epochs: 100, patience: 10, recipe: 'course-30' },
  build(inputShape, seed) {
    const kernel = glorotUniforms(seed);
    return sequential({
      name: 'course-dense',
      layers: [
        layers.flatten({ name: 'flatten', inputShape: [...inputShape] }),
        layers.dense({ name: 'hidden_1', units: 112, activation: 'relu', kernelInitializer: kernel() }),
        layers.batchNormalization({ name: 'norm', momentum: 0.6 }),
        layers.dense({ name: 'hidden_2', units: 112, activation: 'relu', kernelInitializer: kernel() }),
        layers.dense({ name: 'score', units: 1, activation: 'sigmoid', kernelInitializer: kernel() }),
      ],
    });
  },
};
