import { zooNetwork } from './network.js';

/** Fully connected layers with about as many parameters as `course-cnn`: 114,129 for 30×30 images. */
export const courseDense = zooNetwork({
  name: 'course-dense',
  description: 'two hidden dense layers with as many parameters as course-cnn, for comparison',
  recipe: 'course-30-sum',
  inputShape: [30, 30, 1],
  outputs: 1,
  defaults: { batchSize: 256, learningRate: 1e-3, epochs: 100, patience: 10 },
  settings: { hidden_1: { units: 112 }, hidden_2: { units: 112 }, dropout: 0 },
  meanings: {
    'hidden_1.units': 'units of the first hidden layer',
    'hidden_2.units': 'units of the second hidden layer',
    dropout: 'share of the units of the second that are set to 0 in training; 0: no such layer',
  },
  build({ layers, inputShape, outputs, settings }) {
    return layers.sequential({
      name: 'course-dense',
      layers: [
        layers.flatten({ name: 'flatten', inputShape: [...inputShape] }),
        layers.dense({ name: 'hidden_1', units: settings.hidden_1.units, activation: 'relu' }),
        layers.batchNormalization({ name: 'norm', momentum: 0.6 }),
        layers.dense({ name: 'hidden_2', units: settings.hidden_2.units, activation: 'relu' }),
        ...(settings.dropout > 0 ? [layers.dropout({ name: 'dropout', rate: settings.dropout })] : []),
        layers.dense({ name: 'score', units: outputs, activation: outputs === 1 ? 'sigmoid' : 'softmax' }),
      ],
    });
  },
});
