import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { BuildContext } from '../networks/network.js';
import { zooNetwork } from './network.js';
import { residualModel } from './residualModel.js';

/** @param make `residualModel`: with it given, the text of this function stands by itself */
export function coarseModel(context: BuildContext<{ filters: number }>, make: typeof residualModel): LayersModel {
  const { layers, settings } = context;
  return make(
    'landscape-resnet',
    context,
    { filters: settings.filters, momentum: 0.9 },
    (image, read) =>
      layers.maxPooling2d({ name: 'pool', poolSize: 2 }).apply(read(image, settings.filters, 5, 1)) as SymbolicTensor,
  );
}

/** A small residual network: one convolution, three stages of two residual blocks, average pooling. */
export const landscapeResnet = zooNetwork({
  name: 'landscape-resnet',
  description: 'residual blocks of 24, 48 and 96 channels, for top-tagging images',
  inputShape: [40, 40, 1],
  outputs: 2,
  recipe: 'landscape-40',
  defaults: {
    batchSize: 128,
    learningRate: 2e-3,
    epochs: 12,
    patience: 12,
    schedule: { kind: 'cosine', final: 0 },
    augmentation: { flip: ['eta', 'phi'] },
  },
  settings: { filters: 24 },
  meanings: {
    filters: 'channels of the first two residual blocks; the next two have twice, the last two four times as many',
  },
  build: (context) => coarseModel(context, residualModel),
});
