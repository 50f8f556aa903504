import { zooNetwork } from './network.js';

/**
 * The convolutional network of the jet-images paper with its large first filters: 43,841 parameters for 25×25 images.
 * Its borders are filled so that images keep their size.
 *
 * @see de Oliveira et al.: Jet-images, deep learning edition, arXiv:1511.05190, section 4
 */
export const jetImagesConv = zooNetwork({
  name: 'jet-images-conv',
  description: 'three convolutions with 11×11 filters first, each with pooling and dropout; the jet-images paper',
  inputShape: [25, 25, 1],
  outputs: 1,
  recipe: 'jet-images-25',
  defaults: {
    batchSize: 128,
    learningRate: 1e-3,
    epochs: 30,
    patience: 8,
    schedule: { kind: 'cosine', final: 0 },
    jetWeights: 'flat-pt',
  },
  settings: { hidden: { units: 64 }, dropout: 0.2 },
  meanings: {
    'hidden.units': 'units of the hidden dense layer',
    dropout: 'share of the numbers that are set to 0 in training, behind each pooling and the hidden layer',
  },
  build({ layers, inputShape, outputs, settings }) {
    const block = (index: number, filters: number, kernelSize: number, poolSize: number) => [
      layers.conv2d({
        name: `conv_${index}`,
        ...(index === 1 && { inputShape: [...inputShape] }),
        filters,
        kernelSize,
        padding: 'same',
        activation: 'relu',
      }),
      layers.maxPooling2d({ name: `pool_${index}`, poolSize }),
      layers.dropout({ name: `dropout_${index}`, rate: settings.dropout }),
    ];
    return layers.sequential({
      name: 'jet-images-conv',
      layers: [
        ...block(1, 64, 11, 2),
        ...block(2, 32, 3, 3),
        ...block(3, 32, 3, 2),
        layers.localResponseNormalization({ name: 'lrn', depthRadius: 2, bias: 2, alpha: 1e-4, beta: 0.75 }),
        layers.flatten({ name: 'flatten' }),
        layers.dense({ name: 'hidden', units: settings.hidden.units, activation: 'relu' }),
        layers.dropout({ name: 'dropout_4', rate: settings.dropout }),
        layers.dense({ name: 'score', units: outputs, activation: outputs === 1 ? 'sigmoid' : 'softmax' }),
      ],
    });
  },
});
