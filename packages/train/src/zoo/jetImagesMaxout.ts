import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { BuildContext } from '../networks/network.js';
import { derivedSeed } from '../seeds.js';
import { zooNetwork } from './network.js';

interface Settings {
  readonly [name: string]: number | { readonly units: number };
  readonly maxout_1: { readonly units: number };
  readonly maxout_2: { readonly units: number };
  readonly dropout: number;
}

/** @param seeds of the weights of the maxout layers; default: those that `layers` gives */
export function maxoutModel(
  { layers, inputShape, outputs, settings }: Omit<BuildContext<Settings>, 'seed'>,
  seeds: readonly (number | undefined)[] = [],
): LayersModel {
  const maxout = (name: string, units: number, seed: number | undefined) =>
    layers.maxoutDense({ name, units, pieces: 5, ...(seed !== undefined && { seed }) });
  const dropout = (name: string) => layers.dropout({ name, rate: settings.dropout });
  return layers.sequential({
    name: 'jet-images-maxout',
    layers: [
      layers.flatten({ name: 'flatten', inputShape: [...inputShape] }),
      maxout('maxout_1', settings.maxout_1.units, seeds[0]),
      dropout('dropout_1'),
      maxout('maxout_2', settings.maxout_2.units, seeds[1]),
      dropout('dropout_2'),
      layers.dense({ name: 'hidden_1', units: 64, activation: 'relu' }),
      dropout('dropout_3'),
      layers.dense({ name: 'hidden_2', units: 25, activation: 'relu' }),
      dropout('dropout_4'),
      layers.dense({ name: 'score', units: outputs, activation: outputs === 1 ? 'sigmoid' : 'softmax' }),
    ],
  });
}

/**
 * The fully connected network of the jet-images paper: maxout 256 × 5 and 128 × 5, then 64, 25 and 1.
 *
 * @see de Oliveira et al.: Jet-images, deep learning edition, arXiv:1511.05190, section 4
 */
export const jetImagesMaxout = zooNetwork({
  name: 'jet-images-maxout',
  description: 'two maxout layers, then dense layers; the jet-images paper',
  inputShape: [25, 25, 1],
  outputs: 1,
  recipe: 'jet-images-25',
  defaults: {
    batchSize: 128,
    learningRate: 1e-3,
    epochs: 40,
    patience: 8,
    schedule: { kind: 'cosine', final: 0 },
    jetWeights: 'flat-pt',
  },
  settings: { maxout_1: { units: 256 }, maxout_2: { units: 128 }, dropout: 0.3 },
  meanings: {
    'maxout_1.units': 'units of the first maxout layer, each the largest of 5',
    'maxout_2.units': 'units of the second maxout layer, each the largest of 5',
    dropout: 'share of the units that are set to 0 in training, behind each hidden layer',
  },
  build: (context) =>
    maxoutModel(
      context,
      [101, 102].map((index) => derivedSeed(context.seed, 'initialise', index)),
    ),
});
