import { layers, sequential } from '@tensorflow/tfjs-layers';
import { LocalResponseNormalization, SeededDropout } from '../layers/index.js';
import { derivedSeed } from '../seeds.js';
import { glorotUniforms } from './initialise.js';
import type { ZooNetwork } from './network.js';

/**
 * The convolutional network of the jet-images paper with its large first filters: 43,841 parameters for 25×25 images.
 * Its borders are filled so that images keep their size.
 *
 * @see de Oliveira et al.: Jet-images, deep learning edition, arXiv:1511.05190, section 4
 */
export const jetImagesConv: ZooNetwork = {
  description: 'three convolutions with 11×11 filters first, each with pooling and dropout; the jet-images paper',
  inputShape: [25, 25, 1],
  outputs: 1,
  defaults: { batchSize: 128, learningRate: 1e-3, epochs: 50, patience: 5, recipe: 'jet-images-25' },
  build(inputShape, seed) {
    const kernel = glorotUniforms(seed);
    const block = (index: number, filters: number, kernelSize: number, poolSize: number) => [
      layers.conv2d({
        name: `conv_${index}`,
        ...(index === 1 && { inputShape: [...inputShape] }),
        filters,
        kernelSize,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: kernel(),
      }),
      layers.maxPooling2d({ name: `pool_${index}`, poolSize }),
      new SeededDropout({ name: `dropout_${index}`, rate: 0.2, seed: derivedSeed(seed, 'dropout', index) }),
    ];
    return sequential({
      name: 'jet-images-conv',
      layers: [
        ...block(1, 64, 11, 2),
        ...block(2, 32, 3, 3),
        ...block(3, 32, 3, 2),
        new LocalResponseNormalization({ name: 'lrn', depthRadius: 2, bias: 2, alpha: 1e-4, beta: 0.75 }),
        layers.flatten({ name: 'flatten' }),
        layers.dense({ name: 'hidden', units: 64, activation: 'relu', kernelInitializer: kernel() }),
        new SeededDropout({ name: 'dropout_4', rate: 0.2, seed: derivedSeed(seed, 'dropout', 4) }),
        layers.dense({ name: 'score', units: 1, activation: 'sigmoid', kernelInitializer: kernel() }),
      ],
    });
  },
};
