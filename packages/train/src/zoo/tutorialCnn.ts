import { layers, sequential } from '@tensorflow/tfjs-layers';
import { glorotUniforms } from './initialise.js';
import type { ZooNetwork } from './network.js';

/** The convolutional network of the top-tagging tutorial: 216,546 parameters for 40×40 images. */
export const tutorialCnn: ZooNetwork = {
  description: 'four convolutions around one pooling, then three hidden dense layers; the top-tagging tutorial',
  inputShape: [40, 40, 1],
  outputs: 2,
  defaults: { batchSize: 50, learningRate: 1e-3, epochs: 100, patience: 2, recipe: 'iml-40' },
  build(inputShape, seed) {
    const kernel = glorotUniforms(seed);
    const conv = (name: string, shape?: readonly number[]) =>
      layers.conv2d({
        name,
        ...(shape && { inputShape: [...shape] }),
        filters: 8,
        kernelSize: 4,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: kernel(),
      });
    const dense = (name: string, units: number, activation: 'relu' | 'softmax') =>
      layers.dense({ name, units, activation, kernelInitializer: kernel() });
    return sequential({
      name: 'tutorial-cnn',
      layers: [
        conv('conv_1', inputShape),
        conv('conv_2'),
        layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
        conv('conv_3'),
        conv('conv_4'),
        layers.flatten({ name: 'flatten' }),
        dense('hidden_1', 64, 'relu'),
        dense('hidden_2', 64, 'relu'),
        dense('hidden_3', 64, 'relu'),
        dense('probabilities', 2, 'softmax'),
      ],
    });
  },
};
