import { zooNetwork } from './network.js';

/** The convolutional network of the jet-image course: 115,441 parameters for 30×30 images, 115,425 of them trainable. */
export const courseCnn = zooNetwork({
  name: 'course-cnn',
  description: 'one convolution with batch normalisation, then a hidden dense layer; the jet-image course',
  recipe: 'course-30-sum',
  inputShape: [30, 30, 1],
  outputs: 1,
  defaults: { batchSize: 1024, learningRate: 1e-3, epochs: 100, patience: 10 },
  settings: { conv: { filters: 8, size: 3 }, hidden: { units: 64 }, dropout: 0 },
  meanings: {
    'conv.filters': 'filters of the convolution',
    'conv.size': 'height and width of a filter, in pixels',
    'hidden.units': 'units of the hidden dense layer',
    dropout: 'share of the hidden units that are set to 0 in training; 0: no such layer',
  },
  build({ layers, inputShape, outputs, settings }) {
    return layers.sequential({
      name: 'course-cnn',
      layers: [
        layers.conv2d({
          name: 'conv',
          inputShape: [...inputShape],
          filters: settings.conv.filters,
          kernelSize: settings.conv.size,
          padding: 'same',
          activation: 'relu',
          kernelRegularizer: layers.regularizers.l2({ l2: 0.01 }),
        }),
        layers.batchNormalization({ name: 'norm', momentum: 0.6 }),
        layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
        layers.flatten({ name: 'flatten' }),
        layers.dense({ name: 'hidden', units: settings.hidden.units, activation: 'relu' }),
        ...(settings.dropout > 0 ? [layers.dropout({ name: 'dropout', rate: settings.dropout })] : []),
        layers.dense({ name: 'score', units: outputs, activation: outputs === 1 ? 'sigmoid' : 'softmax' }),
      ],
    });
  },
});
