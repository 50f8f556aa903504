import { layers, sequential } from '@tensorflow/tfjs-layers';
import { SeededDropout } from '../layers/index.js';
import { derivedSeed } from '../seeds.js';
import { glorotUniforms } from './initialise.js';
import type { ZooNetwork } from './network.js';

/**
 * Dense layers on the four-vectors of the leading constituents, as the university courses have them. A batch
 * normalisation in front standardises each of the numbers, so that the network takes them in GeV.
 */
export const constituentDnn: ZooNetwork = {
  description: 'dense layers with dropout on standardised four-vectors; the university courses',
  inputShape: [20, 4],
  outputs: 2,
  defaults: { batchSize: 256, learningRate: 1e-3, epochs: 100, patience: 10, recipe: 'constituents' },
  build(inputShape, seed) {
    const kernel = glorotUniforms(seed);
    const block = (index: number, units: number) => [
      layers.dense({ name: `hidden_${index}`, units, activation: 'relu', kernelInitializer: kernel() }),
      new SeededDropout({ name: `dropout_${index}`, rate: 0.1, seed: derivedSeed(seed, 'dropout', index) }),
    ];
    return sequential({
      name: 'constituent-dnn',
      layers: [
        layers.flatten({ name: 'flatten', inputShape: [...inputShape] }),
        layers.batchNormalization({ name: 'standardise', momentum: 0.9 }),
        ...block(1, 100),
        ...block(2, 100),
        ...block(3, 50),
        layers.dense({ name: 'probabilities', units: 2, activation: 'softmax', kernelInitializer: kernel() }),
      ],
    });
  },
};
