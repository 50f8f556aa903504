import { JetError } from '@jetsdk/jets';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Layers } from '../networks/layers.js';
import { cvnModel } from './cvnTower.js';
import { zooNetwork } from './network.js';

const VIEWS = ['x', 'y'] as const;

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
    const { layers, inputShape } = context;
    if (inputShape.length !== 3 || inputShape[2] !== VIEWS.length)
      throw new JetError(
        'BAD_ARGUMENT',
        `cvn-two-view: jets of ${inputShape.join('×')}; expected images of ${VIEWS.length} channels, as recipe higgs-48-views makes them`,
        { inputShape },
      );
    return cvnModel('cvn-two-view', context, (image, { tower, inception }) => {
      const towers = VIEWS.map((name, channel) => tower(view(layers, image, channel, name), `${name}_`));
      const both = layers.concatenate({ name: 'views' }).apply(towers) as SymbolicTensor;
      return inception(both, 'inception_3');
    });
  },
});

/** One channel of an image of two, by layers that every runtime has: they crop height and width, so they turn first. */
function view(layers: Layers, image: SymbolicTensor, channel: number, name: string): SymbolicTensor {
  const turned = layers.permute({ name: `${name}_turn`, dims: [1, 3, 2] }).apply(image) as SymbolicTensor;
  const [left, right] = [channel, 1 - channel];
  const cropped = layers.cropping2D({
    name: `${name}_crop`,
    cropping: [
      [0, 0],
      [left, right],
    ],
  });
  const alone = cropped.apply(turned) as SymbolicTensor;
  return layers.permute({ name, dims: [1, 3, 2] }).apply(alone) as SymbolicTensor;
}
