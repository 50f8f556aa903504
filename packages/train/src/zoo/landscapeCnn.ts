import { zooNetwork } from './network.js';

/**
 * The image network of the top-tagging comparison: 609,666 parameters for 40×40 images.
 *
 * @see Macaluso, Shih: Pulling out all the tops with computer vision and deep learning, arXiv:1803.00107
 */
export const landscapeCnn = zooNetwork({
  name: 'landscape-cnn',
  description: 'four wide convolutions and three hidden dense layers; the top-tagging comparison',
  inputShape: [40, 40, 1],
  outputs: 2,
  recipe: 'landscape-40',
  defaults: {
    batchSize: 128,
    learningRate: 1e-3,
    epochs: 10,
    patience: 10,
    schedule: { kind: 'cosine', final: 0 },
    augmentation: { flip: ['eta', 'phi'] },
  },
  settings: { hidden_1: { units: 64 }, hidden_2: { units: 256 }, hidden_3: { units: 256 } },
  meanings: {
    'hidden_1.units': 'units of the first hidden dense layer',
    'hidden_2.units': 'units of the second hidden dense layer',
    'hidden_3.units': 'units of the third hidden dense layer',
  },
  build({ layers, inputShape, outputs, settings }) {
    const conv = (index: number, filters: number, padding: 'same' | 'valid' = 'same') =>
      layers.conv2d({
        name: `conv_${index}`,
        ...(index === 1 && { inputShape: [...inputShape] }),
        filters,
        kernelSize: 4,
        padding,
        activation: 'relu',
      });
    const dense = (index: number, units: number) =>
      layers.dense({ name: `hidden_${index}`, units, activation: 'relu' });
    return layers.sequential({
      name: 'landscape-cnn',
      layers: [
        conv(1, 128),
        conv(2, 64),
        layers.maxPooling2d({ name: 'pool_1', poolSize: 2 }),
        conv(3, 64),
        conv(4, 64, 'valid'),
        layers.maxPooling2d({ name: 'pool_2', poolSize: 2 }),
        layers.flatten({ name: 'flatten' }),
        dense(1, settings.hidden_1.units),
        dense(2, settings.hidden_2.units),
        dense(3, settings.hidden_3.units),
        layers.dense({ name: 'probabilities', units: outputs, activation: outputs === 1 ? 'sigmoid' : 'softmax' }),
      ],
    });
  },
});
