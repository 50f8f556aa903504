import { layers, sequential } from '@tensorflow/tfjs-layers';
import { glorotUniforms } from './initialise.js';
import type { ZooNetwork } from './network.js';

/**
 * The image network of the top-tagging comparison: 609,666 parameters for 40×40 images.
 *
 * @see Macaluso, Shih: Pulling out all the tops with computer vision and deep learning, arXiv:1803.00107
 */
export const landscapeCnn: ZooNetwork = {
  description: 'four wide convolutions and three hidden dense layers; the top-tagging comparison',
  inputShape: [40, 40, 1],
  outputs: 2,
  defaults: { batchSize: 128, learningRate: 1e-3, epochs: 50, patience: 5, recipe: 'landscape-40' },
  build(inputShape, seed) {
    const kernel = glorotUniforms(seed);
    const conv = (index: number, filters: number, padding: 'same' | 'valid' = 'same') =>
      layers.conv2d({
        name: `conv_${index}`,
        ...(index === 1 && { inputShape: [...inputShape] }),
        filters,
        kernelSize: 4,
        padding,
        activation: 'relu',
        kernelInitializer: kernel(),
      });
    const dense = (index: number, units: number) =>
      layers.dense({ name: `hidden_${index}`, units, activation: 'relu', kernelInitializer: kernel() });
    return sequential({
      name: 'landscape-cnn',
      layers: [
        conv(1, 128),
        conv(2, 64),
        layers.maxPooling2d({ name: 'pool_1', poolSize: 2 }),
        conv(3, 64),
        conv(4, 64, 'valid'),
        layers.maxPooling2d({ name: 'pool_2', poolSize: 2 }),
        layers.flatten({ name: 'flatten' }),
        dense(1, 64),
        dense(2, 256),
        dense(3, 256),
        layers.dense({ name: 'probabilities', units: 2, activation: 'softmax', kernelInitializer: kernel() }),
      ],
    });
  },
};
