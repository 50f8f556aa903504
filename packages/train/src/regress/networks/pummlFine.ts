import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { RegressionNetwork } from '../network.js';
import { pileupImages } from './pileupImages.js';
import { pumml } from './pumml.js';
import { shareModel } from './shareModel.js';

const FINE_FILTERS = 16;
const PATCH_FILTERS = 48;

/**
 * The residual blocks of `pumml-resnet` with the neutral momenta by finer pixels, as an electromagnetic calorimeter has them: where a pixel holds
 * one particle or none, few hard ones differ from many soft ones of the same sum. A convolution over the logarithms of all three images, then one
 * that reads patches of the size of a pixel of the output.
 */
export const pummlFine: RegressionNetwork = {
  name: 'pumml-fine',
  description:
    'the fraction of each neutral pixel that is pile-up, from neutral momenta by finer pixels, by a residual network',
  recipe: 'pumml-fine',
  truth: pumml.truth,
  loss: pumml.loss,
  overlay: true,
  defaults: {
    batchSize: 50,
    epochs: 90,
    patience: 90,
    learningRate: 2e-3,
    schedule: { kind: 'cosine', final: 0 },
    augmentation: { flip: ['eta', 'phi'] },
  },
  build(context) {
    const { layers, inputs, output } = context;
    const pixels = pileupImages(layers, inputs);
    const { neutral, pileup, leading } = pixels;
    const finer = inputs['neutral'][0] / output[0];
    const log = (x: SymbolicTensor, name: string, scale: number) =>
      layers.log1p({ name, scale }).apply(x) as SymbolicTensor;
    const means = Object.entries({ neutral, pileup, leading }).map(
      ([name, image]) =>
        layers
          .averagePooling2d({ name: `${name}_mean`, poolSize: finer, strides: finer })
          .apply(image) as SymbolicTensor,
    );
    const pooled = means.map((mean, i) => log(mean, `${pixels.images[i].name}_pooled`, finer ** 2));
    const logs = Object.entries({ neutral, pileup, leading }).map(([name, image]) => log(image, `${name}_log`, 1));
    const conv = (x: SymbolicTensor, name: string, filters: number, kernelSize: number, strides: number) =>
      layers
        .conv2d({
          name,
          filters,
          kernelSize,
          strides,
          padding: 'same',
          activation: 'relu',
          kernelInitializer: 'heUniform',
        })
        .apply(x) as SymbolicTensor;
    const fine = conv(layers.concatenate({ name: 'logs' }).apply(logs) as SymbolicTensor, 'fine', FINE_FILTERS, 3, 1);
    const patches = conv(fine, 'patches', PATCH_FILTERS, finer, finer);
    const features = layers.concatenate({ name: 'features' }).apply([...pooled, patches]) as SymbolicTensor;
    const summed = layers.rescaling({ name: 'neutral_sum', scale: finer ** 2 }).apply(means[0]) as SymbolicTensor;
    return shareModel(context, { name: 'pumml-fine', filters: 40, blocks: 2 }, pixels, summed, features);
  },
};
