import { layers, sequential } from '@tensorflow/tfjs-layers';
import { MaxoutDense, SeededDropout } from '../layers/index.js';
import { derivedSeed } from '../seeds.js';
import { glorotUniforms } from './initialise.js';
import type { ZooNetwork } from './network.js';

/**
 * The fully connected network of the jet-images paper: maxout 256 × 5 and 128 × 5, then 64, 25 and 1.
 *
 * @see de Oliveira et al.: Jet-images, deep learning edition, arXiv:1511.05190, section 4
 */
export const jetImagesMaxout: ZooNetwork = {
  description: 'two maxout layers, then dense layers; the jet-images paper',
  inputShape: [25, 25, 1],
  outputs: 1,
  defaults: { batchSize: 128, learningRate: 1e-3, epochs: 50, patience: 5, recipe: 'jet-images-25' },
  build(inputShape, seed) {
    const kernel = glorotUniforms(seed);
    const maxout = (name: string, units: number, index: number) =>
      new MaxoutDense({ name, units, pieces: 5, seed: derivedSeed(seed, 'initialise', 100 + index) });
    const dropout = (name: string, index: number) =>
      new SeededDropout({ name, rate: 0.3, seed: derivedSeed(seed, 'dropout', index) });
    return sequential({
      name: 'jet-images-maxout',
      layers: [
        layers.flatten({ name: 'flatten', inputShape: [...inputShape] }),
        maxout('maxout_1', 256, 1),
        dropout('dropout_1', 1),
        maxout('maxout_2', 128, 2),
        dropout('dropout_2', 2),
        layers.dense({ name: 'hidden_1', units: 64, activation: 'relu', kernelInitializer: kernel() }),
        dropout('dropout_3', 3),
        layers.dense({ name: 'hidden_2', units: 25, activation: 'relu', kernelInitializer: kernel() }),
        dropout('dropout_4', 4),
        layers.dense({ name: 'score', units: 1, activation: 'sigmoid', kernelInitializer: kernel() }),
      ],
    });
  },
};
