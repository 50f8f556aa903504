import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { LocalResponseNormalization } from '../layers/index.js';
import { glorotUniforms } from './initialise.js';
import type { ZooNetwork } from './network.js';

/**
 * The Convolutional Visual Network with one view: inception modules behind two local response normalisations.
 *
 * @see Aurisano et al.: A convolutional neural network neutrino event classifier, arXiv:1604.01444, figure 2
 */
export const cvn: ZooNetwork = {
  description: 'inception modules and local response normalisation; the Convolutional Visual Network with one view',
  inputShape: [224, 224, 1],
  outputs: 2,
  defaults: { batchSize: 32, learningRate: 5e-4, epochs: 20, patience: 5, recipe: 'higgs-224' },
  build(inputShape, seed) {
    const kernel = glorotUniforms(seed);
    const conv = (x: SymbolicTensor, name: string, filters: number, kernelSize: number, strides = 1) =>
      layers
        .conv2d({
          name,
          filters,
          kernelSize,
          strides,
          padding: 'same',
          activation: 'relu',
          kernelInitializer: kernel(),
        })
        .apply(x) as SymbolicTensor;
    const pool = (x: SymbolicTensor, name: string, strides = 2) =>
      layers.maxPooling2d({ name, poolSize: 3, strides, padding: 'same' }).apply(x) as SymbolicTensor;
    // A size of 5 and α = 1e-4 over the size, as the Caffe layer of the original has it.
    const lrn = (x: SymbolicTensor, name: string) =>
      new LocalResponseNormalization({ name, depthRadius: 2, bias: 1, alpha: 2e-5, beta: 0.75 }).apply(
        x,
      ) as SymbolicTensor;
    const inception = (x: SymbolicTensor, name: string) =>
      layers
        .concatenate({ name })
        .apply([
          conv(x, `${name}_1x1`, 64, 1),
          conv(conv(x, `${name}_3x3_reduce`, 96, 1), `${name}_3x3`, 128, 3),
          conv(conv(x, `${name}_5x5_reduce`, 16, 1), `${name}_5x5`, 32, 5),
          conv(pool(x, `${name}_pool`, 1), `${name}_pool_project`, 32, 1),
        ]) as SymbolicTensor;

    const image = input({ name: 'image', shape: [...inputShape] });
    let x = lrn(pool(conv(image, 'conv_1', 64, 7, 2), 'pool_1'), 'lrn_1');
    x = lrn(conv(conv(x, 'conv_2_reduce', 64, 1), 'conv_2', 192, 3), 'lrn_2');
    x = inception(inception(pool(x, 'pool_2'), 'inception_1'), 'inception_2');
    x = inception(pool(x, 'pool_3'), 'inception_3');
    x = layers.globalAveragePooling2d({ name: 'average' }).apply(x) as SymbolicTensor;
    const probabilities = layers
      .dense({ name: 'probabilities', units: 2, activation: 'softmax', kernelInitializer: kernel() })
      .apply(x) as SymbolicTensor;
    return model({ name: 'cvn', inputs: image, outputs: probabilities });
  },
};
