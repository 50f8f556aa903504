import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { BuildContext } from '../networks/network.js';
import { zooNetwork } from './network.js';
import { residualModel } from './residualModel.js';

/** @param make `residualModel`: with it given, the text of this function stands by itself */
export function fineModel(
  context: BuildContext<{ patches: number; filters: number }>,
  make: typeof residualModel,
): LayersModel {
  const { layers, settings } = context;
  return make('landscape-fine', context, { filters: settings.filters, momentum: 0.97 }, (image, read) => {
    // a pixel of 0.2 % of the summed pT becomes ln 2
    const logarithms = layers.log1p({ name: 'logarithms', scale: 5 }).apply(image) as SymbolicTensor;
    return read(logarithms, settings.patches, 8, 8);
  });
}

/**
 * The residual stages of `landscape-resnet` on finer images: one convolution reads patches of 8 × 8 pixels that do not overlap, as vision
 * transformers do, and knows where in a patch the momentum lies. It sees pixels by their logarithms: where a pixel holds one particle they
 * reach over three decades.
 *
 * @see Dosovitskiy et al.: An image is worth 16 × 16 words, arXiv:2010.11929
 */
export const landscapeFine = zooNetwork({
  name: 'landscape-fine',
  description: 'patches of fine pixels, then residual blocks of 24, 48 and 96 channels, for top-tagging images',
  inputShape: [160, 160, 1],
  outputs: 2,
  recipe: 'landscape-160',
  defaults: {
    batchSize: 128,
    learningRate: 2e-3,
    epochs: 16,
    patience: 16,
    schedule: { kind: 'cosine', final: 0 },
    augmentation: { flip: ['eta', 'phi'], shift: 4 },
  },
  settings: { patches: 48, filters: 24 },
  meanings: {
    patches: 'channels of the convolution that reads the patches',
    filters: 'channels of the first two residual blocks; the next two have twice, the last two four times as many',
  },
  build: (context) => fineModel(context, residualModel),
});
