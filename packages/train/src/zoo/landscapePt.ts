import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { BuildContext } from '../networks/network.js';
import { landscapeFine } from './landscapeFine.js';
import { zooNetwork } from './network.js';
import { residualModel } from './residualModel.js';

/** @param make `residualModel`: with it given, the text of this function stands by itself */
export function ptModel(
  context: BuildContext<{ patches: number; filters: number }>,
  make: typeof residualModel,
): LayersModel {
  const { layers, settings, inputShape } = context;
  const [height, width] = inputShape as [number, number];
  // about as many standard deviations of ln pT: jets farther away are taken as if they were there
  const most = 3;
  return make(
    'landscape-pt',
    context,
    { filters: settings.filters, momentum: 0.97 },
    (image, read) => {
      // a pixel of 1.25 GeV becomes ln 2
      const logarithms = layers.log1p({ name: 'logarithms', scale: 0.8 }).apply(image) as SymbolicTensor;
      return read(logarithms, settings.patches, 8, 8);
    },
    (image) => {
      const mean = layers.globalAveragePooling2d({ name: 'mean_pixel' }).apply(image);
      const logarithm = layers.log1p({ name: 'momentum', scale: height * width }).apply(mean);
      // in a sample of one range of pT the logarithm spreads over some hundredths
      const deviations = layers
        .batchNormalization({ name: 'momentum_norm', momentum: 0.97, epsilon: 1e-6 })
        .apply(logarithm);
      const shifted = layers.rescaling({ name: 'from_least', scale: 1, offset: most }).apply(deviations);
      const within = layers.reLU({ name: 'within', maxValue: 2 * most }).apply(shifted);
      return layers.rescaling({ name: 'deviation', scale: 1, offset: -most }).apply(within) as SymbolicTensor;
    },
  );
}

/**
 * `landscape-fine` on images in GeV: how much momentum the jet has belongs to what the network sees. Where images are divided by their sum,
 * the mass of a jet is known in units of its momentum only, and a peak of mass is as wide as the range of momenta.
 */
export const landscapePt = zooNetwork({
  ...landscapeFine,
  name: 'landscape-pt',
  description: 'landscape-fine that also knows the momentum of the jet, for top-tagging images in GeV',
  recipe: 'landscape-160-gev',
  defaults: { ...landscapeFine.defaults, epochs: 12, patience: 12 },
  build: (context) => ptModel(context, residualModel),
});
