import { zooNetwork } from './network.js';

/**
 * Dense layers on the four-vectors of the leading constituents, as the university courses have them. A batch
 * normalisation in front standardises each of the numbers, so that the network takes them in GeV.
 */
export const constituentDnn = zooNetwork({
  name: 'constituent-dnn',
  description: 'dense layers with dropout on standardised four-vectors; the university courses',
  recipe: 'constituents',
  inputShape: [20, 4],
  outputs: 2,
  defaults: { batchSize: 256, learningRate: 1e-3, epochs: 100, patience: 10 },
  settings: { hidden_1: { units: 100 }, hidden_2: { units: 100 }, hidden_3: { units: 50 }, dropout: 0.1 },
  meanings: {
    'hidden_1.units': 'units of the first hidden layer',
    'hidden_2.units': 'units of the second hidden layer',
    'hidden_3.units': 'units of the third hidden layer',
    dropout: 'share of the units that are set to 0 in training, behind each hidden layer',
  },
  build({ layers, inputShape, outputs, settings }) {
    const block = (index: number, units: number) => [
      layers.dense({ name: `hidden_${index}`, units, activation: 'relu' }),
      layers.dropout({ name: `dropout_${index}`, rate: settings.dropout }),
    ];
    return layers.sequential({
      name: 'constituent-dnn',
      layers: [
        layers.flatten({ name: 'flatten', inputShape: [...inputShape] }),
        layers.batchNormalization({ name: 'standardise', momentum: 0.9 }),
        ...block(1, settings.hidden_1.units),
        ...block(2, settings.hidden_2.units),
        ...block(3, settings.hidden_3.units),
        layers.dense({ name: 'probabilities', units: outputs, activation: outputs === 1 ? 'sigmoid' : 'softmax' }),
      ],
    });
  },
});
