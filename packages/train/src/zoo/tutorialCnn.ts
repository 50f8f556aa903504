import { zooNetwork } from './network.js';

/** The convolutional network of the top-tagging tutorial: 216,546 parameters for 40×40 images. */
export const tutorialCnn = zooNetwork({
  name: 'tutorial-cnn',
  description: 'four convolutions around one pooling, then three hidden dense layers; the top-tagging tutorial',
  inputShape: [40, 40, 1],
  outputs: 2,
  recipe: 'iml-40',
  defaults: {
    batchSize: 50,
    learningRate: 1e-3,
    epochs: 12,
    patience: 12,
    schedule: { kind: 'cosine', final: 0 },
  },
  settings: { conv: { filters: 8, size: 4 }, hidden: { units: 64 }, dropout: 0 },
  meanings: {
    'conv.filters': 'filters of each of the four convolutions',
    'conv.size': 'height and width of a filter, in pixels',
    'hidden.units': 'units of each of the three hidden dense layers',
    dropout: 'share of the last hidden units that are set to 0 in training; 0: no such layer',
  },
  build({ layers, inputShape, outputs, settings }) {
    const conv = (name: string, shape?: readonly number[]) =>
      layers.conv2d({
        name,
        ...(shape && { inputShape: [...shape] }),
        filters: settings.conv.filters,
        kernelSize: settings.conv.size,
        padding: 'same',
        activation: 'relu',
      });
    const dense = (name: string, units: number, activation: 'relu' | 'sigmoid' | 'softmax') =>
      layers.dense({ name, units, activation });
    return layers.sequential({
      name: 'tutorial-cnn',
      layers: [
        conv('conv_1', inputShape),
        conv('conv_2'),
        layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
        conv('conv_3'),
        conv('conv_4'),
        layers.flatten({ name: 'flatten' }),
        ...['hidden_1', 'hidden_2', 'hidden_3'].map((name) => dense(name, settings.hidden.units, 'relu')),
        ...(settings.dropout > 0 ? [layers.dropout({ name: 'dropout', rate: settings.dropout })] : []),
        dense('probabilities', outputs, outputs === 1 ? 'sigmoid' : 'softmax'),
      ],
    });
  },
});
