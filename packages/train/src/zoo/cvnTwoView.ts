import { JetError } from '@jetsdk/jets';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { BuildContext } from '../networks/network.js';
import { cvnModel } from './cvnTower.js';
import { zooNetwork } from './network.js';

/** @param make `cvnModel`: with it given, the text of this function stands by itself */
export function twoViewModel(
  context: Pick<BuildContext, 'layers' | 'inputShape' | 'outputs'>,
  make: typeof cvnModel,
): LayersModel {
  const { layers } = context;
  /** One channel, by layers that every runtime has: they crop height and width, so the image turns first. */
  const view = (image: SymbolicTensor, channel: number, name: string): SymbolicTensor => {
    const turned = layers.permute({ name: `${name}_turn`, dims: [1, 3, 2] }).apply(image) as SymbolicTensor;
    const cropped = layers.cropping2D({
      name: `${name}_crop`,
      cropping: [
        [0, 0],
        [channel, 1 - channel],
      ],
    });
    const alone = cropped.apply(turned) as SymbolicTensor;
    return layers.permute({ name, dims: [1, 3, 2] }).apply(alone) as SymbolicTensor;
  };
  return make('cvn-two-view', context, (image, { tower, inception }) => {
    const towers = ['x', 'y'].map((name, channel) => tower(view(image, channel, name), `${name}_`));
    const both = layers.concatenate({ name: 'views' }).apply(towers) as SymbolicTensor;
    return inception(both, 'inception_3');
  });
}

/**
 * The Convolutional Visual Network as in its paper: the two channels of an image are two views, each has a tower of its
 * own, and what the towers found comes together in front of the last inception module. A detector has its X and Y
 * views here; a jet its charged and its neutral pT.
 */
export const cvnTwoView = zooNetwork({
  name: 'cvn-two-view',
  description: 'a tower for each of two channels, then one inception module; the Convolutional Visual Network',
  inputShape: [48, 48, 2],
  outputs: 2,
  recipe: 'higgs-48-views',
  defaults: {
    batchSize: 32,
    learningRate: 5e-4,
    epochs: 8,
    patience: 8,
    schedule: { kind: 'cosine', final: 0 },
    augmentation: { flip: ['eta', 'phi'] },
  },
  build(context) {
    const { inputShape } = context;
    if (inputShape.length !== 3 || inputShape[2] !== 2)
      throw new JetError(
        'BAD_ARGUMENT',
        `cvn-two-view: jets of ${inputShape.join('×')}; expected images of 2 channels, as recipe higgs-48-views makes them`,
        { inputShape },
      );
    return twoViewModel(context, cvnModel);
  },
});
