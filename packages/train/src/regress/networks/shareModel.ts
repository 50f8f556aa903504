import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { RegressionContext } from '../network.js';
import type { PileupImages } from './pileupImages.js';

/** Charged pile-up of a jet in GeV from which on there is some. */
const PRESENT = 2;

/** What a network that gives shares is made of. */
export interface ShareSettings {
  readonly name: string;
  readonly filters: number;
  readonly blocks: number;
}

/**
 * Residual blocks on features of the pixels, which give the fraction of each neutral pixel that is taken away: no momentum appears where none
 * was measured, and nothing is taken where there are no tracks of pile-up. After each block they see the mean over the jet, which tells how
 * much pile-up there is.
 *
 * @param neutral momenta by the pixels of the output
 */
export function shareModel(
  { layers, inputs, output }: RegressionContext,
  { name, filters, blocks }: ShareSettings,
  { images, pileup }: PileupImages,
  neutral: SymbolicTensor,
  features: SymbolicTensor,
): LayersModel {
  const conv = (x: SymbolicTensor, name: string) =>
    layers
      .conv2d({ name, filters, kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: 'heUniform' })
      .apply(x) as SymbolicTensor;
  const density = layers.globalAveragePooling2d({ name: 'pileup_density' }).apply(pileup) as SymbolicTensor;
  const total = layers
    .rescaling({ name: 'pileup_total', scale: inputs['pileup'][0] ** 2 / PRESENT })
    .apply(density) as SymbolicTensor;
  const present = layers
    .reshape({ name: 'pileup_everywhere', targetShape: [1, 1, 1] })
    .apply(layers.activation({ name: 'pileup_present', activation: 'tanh' }).apply(total)) as SymbolicTensor;
  let x = conv(features, 'first');
  for (let block = 1; block <= blocks; block++) {
    const inner = layers
      .conv2d({
        name: `block_${block}_b`,
        filters,
        kernelSize: 3,
        padding: 'same',
        kernelInitializer: 'heUniform',
      })
      .apply(conv(x, `block_${block}_a`)) as SymbolicTensor;
    const mean = layers.globalAveragePooling2d({ name: `block_${block}_mean` }).apply(inner) as SymbolicTensor;
    const shift = layers.dense({ name: `block_${block}_shift`, units: filters }).apply(mean) as SymbolicTensor;
    const everywhere = layers
      .reshape({ name: `block_${block}_everywhere`, targetShape: [1, 1, filters] })
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
  return layers.model({ name, inputs: images, outputs: corrected });
}
