import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { RegressionNetwork } from '../network.js';
import { pileupImages } from './pileupImages.js';

/** Filters of each of the two convolutions. */
const FILTERS = 10;

/**
 * Pile-up mitigation with machine learning, as published: neutral momenta, spread over the finer pixels of the tracks, beside
 * both images of charged momenta; two convolutions of 6 × 6 with stride 2, and one of 1 × 1.
 *
 * @see Komiske, Metodiev, Nachman, Schwartz: arXiv:1707.08600, figure 3
 */
export const pumml: RegressionNetwork = {
  name: 'pumml',
  description:
    'neutral pT of the leading vertex, cleaned of pile-up: two convolutions of 6×6 with stride 2; arXiv:1707.08600',
  recipe: 'pumml',
  truth: 'pumml-truth',
  loss: { kind: 'squared-log-ratio', pbar: 10 },
  overlay: true,
  defaults: {
    batchSize: 50,
    epochs: 300,
    patience: 300,
    learningRate: 2e-3,
    schedule: { kind: 'cosine', final: 0 },
    augmentation: { flip: ['eta', 'phi'] },
  },
  build({ layers, inputs, output }) {
    const { images, neutral, pileup, leading, finer } = pileupImages(layers, inputs);
    const upsampled = layers.upSampling2d({ name: 'upsampled', size: [finer, finer] }).apply(neutral);
    const spread = layers.rescaling({ name: 'spread', scale: 1 / finer ** 2 }).apply(upsampled) as SymbolicTensor;
    let x = layers.concatenate({ name: 'channels' }).apply([spread, pileup, leading]) as SymbolicTensor;
    for (const layer of [1, 2]) {
      x = layers.zeroPadding2d({ name: `pad_${layer}`, padding: 2 }).apply(x) as SymbolicTensor;
      x = layers
        .conv2d({
          name: `conv_${layer}`,
          filters: FILTERS,
          kernelSize: 6,
          strides: 2,
          activation: 'relu',
          kernelInitializer: 'heUniform',
        })
        .apply(x) as SymbolicTensor;
    }
    const corrected = layers
      .conv2d({
        name: 'corrected',
        filters: output[2],
        kernelSize: 1,
        activation: 'relu',
        kernelInitializer: 'heUniform',
      })
      .apply(x) as SymbolicTensor;
    return layers.model({ name: 'pumml', inputs: images, outputs: corrected });
  },
};
