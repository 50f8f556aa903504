/** A small network with a normalisation right behind its convolution, for images by `course-30-sum`. */
export default {
  recipe: 'course-30-sum',
  inputShape: [30, 30, 1],
  outputs: 1,
  defaults: { batchSize: 64, learningRate: 0.003, epochs: 1, patience: 10 },
  build({ layers, inputShape, outputs }) {
    return layers.sequential({
      layers: [
        layers.conv2d({ name: 'conv', inputShape: [...inputShape], filters: 8, kernelSize: 3, useBias: false }),
        layers.batchNormalization({ name: 'norm', momentum: 0.9 }),
        layers.reLU({ name: 'relu' }),
        layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
        layers.flatten({ name: 'flatten' }),
        layers.dense({ name: 'score', units: outputs, activation: 'sigmoid' }),
      ],
    });
  },
};
