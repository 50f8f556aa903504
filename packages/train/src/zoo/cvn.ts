import { cvnModel } from './cvnTower.js';
import type { ZooNetwork } from './network.js';

/** The Convolutional Visual Network with one view: inception modules behind two local response normalisations. */
export const cvn: ZooNetwork = {
  description: 'inception modules and local response normalisation; the Convolutional Visual Network with one view',
  inputShape: [224, 224, 1],
  outputs: 2,
  defaults: { batchSize: 32, learningRate: 5e-4, epochs: 20, patience: 5, recipe: 'higgs-224' },
  build: (inputShape, seed) =>
    cvnModel('cvn', inputShape, seed, (image, { tower, inception }) => inception(tower(image, ''), 'inception_3')),
};
