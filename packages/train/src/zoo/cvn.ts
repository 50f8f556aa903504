import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { BuildContext } from '../networks/network.js';
import { cvnModel } from './cvnTower.js';
import { zooNetwork } from './network.js';

/** @param make `cvnModel`: with it given, the text of this function stands by itself */
export function oneViewModel(
  context: Pick<BuildContext, 'layers' | 'inputShape' | 'outputs'>,
  make: typeof cvnModel,
): LayersModel {
  return make('cvn', context, (image, { tower, inception }) => inception(tower(image, ''), 'inception_3'));
}

/** The Convolutional Visual Network with one view: inception modules behind two local response normalisations. */
export const cvn = zooNetwork({
  name: 'cvn',
  description: 'inception modules and local response normalisation; the Convolutional Visual Network with one view',
  recipe: 'higgs-48',
  inputShape: [48, 48, 1],
  outputs: 2,
  defaults: {
    batchSize: 32,
    learningRate: 5e-4,
    epochs: 12,
    patience: 12,
    schedule: { kind: 'cosine', final: 0 },
    augmentation: { flip: ['eta', 'phi'] },
  },
  build: (context) => oneViewModel(context, cvnModel),
});
