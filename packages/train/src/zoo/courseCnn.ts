import { layers, regularizers, sequential } from '@tensorflow/tfjs-layers';
import { glorotUniforms } from './initialise.js';
import type { ZooNetwork } from './network.js';

/** The convolutional network of the jet-image course: 115,441 parameters for 30×30 images, 115,425 of them trainable. */
export const courseCnn: ZooNetwork = {
  description: 'one convolution with batch normalisation, then a hidden dense layer; the jet-image course',
  inputShape: [30, 30, 1],
  outputs: 1,
  defaults: { batchSize: 1024, learningRate: 1e-3, epochs: 100, patience: 10, recipe: 'course-30' },
  build(inputShape, seed) {
    const kernel = glorotUniforms(seed);
    return sequential({
      name: 'course-cnn',
      layers: [
        layers.conv2d({
          name: 'conv',
          inputShape: [...inputShape],
          filters: 8,
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
          kernelInitializer: kernel(),
          kernelRegularizer: regularizers.l2({ l2: 0.01 }),
        }),
        layers.batchNormalization({ name: 'norm', momentum: 0.6 }),
        layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
        layers.flatten({ name: 'flatten' }),
        layers.dense({ name: 'hidden', units: 64, activation: 'relu', kernelInitializer: kernel() }),
        layers.dense({ name: 'score', units: 1, activation: 'sigmoid', kernelInitializer: kernel() }),
      ],
    });
  },
};
