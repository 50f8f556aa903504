import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { RegressionNetwork } from '../network.js';
import { pileupImages } from './pileupImages.js';
import { pumml } from './pumml.js';
import { shareModel } from './shareModel.js';

const TRACK_FILTERS = 16;

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
  build(context) {
    const { layers, inputs } = context;
    const pixels = pileupImages(layers, inputs);
    const { neutral, pileup, leading, finer } = pixels;
    const log = (x: SymbolicTensor, name: string, scale: number) =>
      layers.log1p({ name, scale }).apply(x) as SymbolicTensor;
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
    return shareModel(context, { name: 'pumml-resnet', filters: 40, blocks: 2 }, pixels, neutral, features);
  },
};
