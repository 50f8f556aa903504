import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { RegressionNetwork } from '../network.js';
import { pileupImages } from './pileupImages.js';
import { pumml } from './pumml.js';

const FILTERS = 40;
const TRACK_FILTERS = 16;
const BLOCKS = 2;
/** Charged pile-up of a jet in GeV from which on there is some. */
const PRESENT = 2;

/**
 * A residual network on the inputs of `pumml`: it gives the fraction of each neutral pixel that is taken away, so that no
 * momentum appears where none was measured, and nothing is taken where there are no tracks of pile-up. It sees momenta by their
 * logarithms, the tracks at both granularities, and after each block the mean over the jet, which tells how much pile-up there
 * is.
 */
export const pummlResnet: RegressionNetwork = {
  name: 'pumml-resnet',
  description: 'the fraction of each neutral pixel that is pile-up, by a residual network on logarithms of momenta',
  recipe: pumml.recipe,
  truth: pumml.truth,
  loss: pumml.loss,
  overlay: true,
  defaults: {
    batchSize: 50,
    epochs: 40,
    patience: 40,
    learningRate: 2e-3,
    schedule: { kind: 'cosine', final: 0 },
    augmentation: { flip: ['eta', 'phi'] },
  },
  build({ layers, inputs, output }) {
    const { images, neutral, pileup, leading, finer } = pileupImages(layers, inputs);
    const conv = (x: SymbolicTensor, name: string, filters: number, kernelSize = 3) =>
      layers
        .conv2d({ name, filters, kernelSize, padding: 'same', activation: 'relu', kernelInitializer: 'heUniform' })
        .apply(x) as SymbolicTensor;
    const log = (x: SymbolicTensor, name: string, scale: number) =>
      layers.log1p({ name, scale }).apply(x) as SymbolicTensor;
    const density = layers.globalAveragePooling2d({ name: 'pileup_density' }).apply(pileup) as SymbolicTensor;
    const total = layers
      .rescaling({ name: 'pileup_total', scale: inputs['pileup'][0] ** 2 / PRESENT })
      .apply(density) as SymbolicTensor;
    const present = layers
      .reshape({ name: 'pileup_everywhere', targetShape: [1, 1, 1] })
      .apply(layers.activation({ name: 'pileup_present', activation: 'tanh' }).apply(total)) as SymbolicTensor;
    const tracks = { pileup, leading };
    const pooled = Object.entries(tracks).map(([name, image]) => {
      const mean = layers
        .averagePooling2d({ name: `${name}_mean`, poolSize: finer, strides: finer })
        .apply(image) as SymbolicTensor;
      return log(mean, `${name}_pooled`, finer ** 2);
    });
    const fine = Object.entries(tracks).map(
      ([name, image]) =>
        layers
          .conv2d({
            name: `${name}_fine`,
            filters: TRACK_FILTERS,
            kernelSize: finer,
            strides: finer,
            kernelInitializer: 'heUniform',
          })
          .apply(log(image, `${name}_log`, 1)) as SymbolicTensor,
    );
    const both = layers.add({ name: 'fine_sum' }).apply(fine) as SymbolicTensor;
    const features = layers
      .concatenate({ name: 'features' })
      .apply([
        log(neutral, 'neutral_log', 1),
        ...pooled,
        layers.reLU({ name: 'fine' }).apply(both) as SymbolicTensor,
      ]) as SymbolicTensor;
    let x = conv(features, 'first', FILTERS);
    for (let block = 1; block <= BLOCKS; block++) {
      const inner = layers
        .conv2d({
          name: `block_${block}_b`,
          filters: FILTERS,
          kernelSize: 3,
          padding: 'same',
          kernelInitializer: 'heUniform',
        })
        .apply(conv(x, `block_${block}_a`, FILTERS)) as SymbolicTensor;
      const mean = layers.globalAveragePooling2d({ name: `block_${block}_mean` }).apply(inner) as SymbolicTensor;
      const shift = layers.dense({ name: `block_${block}_shift`, units: FILTERS }).apply(mean) as SymbolicTensor;
      const everywhere = layers
        .reshape({ name: `block_${block}_everywhere`, targetShape: [1, 1, FILTERS] })
        .apply(shift) as SymbolicTensor;
      const sum = layers.add({ name: `block_${block}_sum` }).apply([x, inner]) as SymbolicTensor;
      const shifted = layers.add({ name: `block_${block}_shifted` }).apply([sum, everywhere]) as SymbolicTensor;
      x = layers.reLU({ name: `block_${block}` }).apply(shifted) as SymbolicTensor;
    }
    const share = layers
      .conv2d({ name: 'share', filters: output[2], kernelSize: 1, activation: 'sigmoid' })
      .apply(x) as SymbolicTensor;
    const removed = layers.multiply({ name: 'removed' }).apply([share, present]) as SymbolicTensor;
    const kept = layers.rescaling({ name: 'kept', scale: -1, offset: 1 }).apply(removed) as SymbolicTensor;
    const corrected = layers.multiply({ name: 'corrected' }).apply([neutral, kept]) as SymbolicTensor;
    return layers.model({ name: 'pumml-resnet', inputs: images, outputs: corrected });
  },
};
