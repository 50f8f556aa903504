import { derivedSeed } from '../seeds.js';
import { zooNetwork } from './network.js';

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
  build({ layers, inputShape, seed, settings }) {
    const maxout = (name: string, units: number, index: number) =>
      layers.maxoutDense({ name, units, pieces: 5, seed: derivedSeed(seed, 'initialise', 100 + index) });
    const dropout = (name: string) => layers.dropout({ name, rate: settings.dropout });
    return layers.sequential({
      name: 'jet-images-maxout',
      layers: [
        layers.flatten({ name: 'flatten', inputShape: [...inputShape] }),
        maxout('maxout_1', settings.maxout_1.units, 1),
        dropout('dropout_1'),
        maxout('maxout_2', settings.maxout_2.units, 2),
        dropout('dropout_2'),
        layers.dense({ name: 'hidden_1', units: 64, activation: 'relu' }),
        dropout('dropout_3'),
        layers.dense({ name: 'hidden_2', units: 25, activation: 'relu' }),
        dropout('dropout_4'),
        layers.dense({ name: 'score', units: 1, activation: 'sigmoid' }),
      ],
    });
  },
});
