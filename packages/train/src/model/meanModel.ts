import type { LayerArtifacts } from '@jetsdk/jets';
import { input, type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { Mirror } from '../layers/index.js';
import { modelOf } from './artifacts.js';

const MIRRORED = { eta: 1, phi: 2 } as const;

/**
 * A network that gives the mean of what several give; dispose of its weights after use.
 *
 * @param members with one input and one output, of the same shapes
 * @param images axes along which each image is mirrored, none for the image as it is; two or more with those of all members
 */
export async function meanModel(
  members: readonly LayerArtifacts[],
  images: readonly (readonly ('eta' | 'phi')[])[],
): Promise<LayersModel> {
  const networks = await Promise.all(members.map(modelOf));
  networks.forEach((network, i) => {
    network.name = `network_${i + 1}`;
  });
  const image = input({ shape: networks[0].inputs[0].shape.slice(1), name: 'jet' });
  const seen = images.map((mirrored) =>
    mirrored.length === 0
      ? image
      : new Mirror({ axes: mirrored.map((axis) => MIRRORED[axis]), name: `mirror_${mirrored.join('_')}` }).apply(image),
  );
  const outputs = networks.flatMap((network) => seen.map((one) => network.apply(one) as SymbolicTensor));
  const mean = layers.average({ name: 'mean' }).apply(outputs) as SymbolicTensor;
  return model({ inputs: image, outputs: mean, name: 'mean_of_networks' });
}
