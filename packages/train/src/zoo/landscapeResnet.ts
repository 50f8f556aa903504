import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { zooNetwork } from './network.js';

/**
 * A small residual network: one convolution, three stages of two residual blocks, average pooling.
 *
 * @see He et al.: Deep residual learning for image recognition, arXiv:1512.03385
 */
export const landscapeResnet = zooNetwork({
  name: 'landscape-resnet',
  description: 'residual blocks of 24, 48 and 96 channels, for top-tagging images',
  inputShape: [40, 40, 1],
  outputs: 2,
  recipe: 'landscape-40',
  defaults: {
    batchSize: 128,
    learningRate: 2e-3,
    epochs: 12,
    patience: 12,
    schedule: { kind: 'cosine', final: 0 },
    augmentation: { flip: ['eta', 'phi'] },
  },
  settings: { filters: 24 },
  meanings: {
    filters: 'channels of the first two residual blocks; the next two have twice, the last two four times as many',
  },
  build({ layers, inputShape, outputs, settings }) {
    // A bias in front of a normalisation has no gradient but rounding, which Adam scales up to steps of full length.
    const conv = (
      x: SymbolicTensor,
      name: string,
      filters: number,
      kernelSize: number,
      strides: number,
      useBias = false,
    ): SymbolicTensor =>
      layers.conv2d({ name, filters, kernelSize, strides, padding: 'same', useBias }).apply(x) as SymbolicTensor;
    const norm = (x: SymbolicTensor, name: string) =>
      layers.batchNormalization({ name, momentum: 0.9 }).apply(x) as SymbolicTensor;
    const relu = (x: SymbolicTensor, name: string) => layers.reLU({ name }).apply(x) as SymbolicTensor;
    const block = (x: SymbolicTensor, name: string, filters: number, strides: number): SymbolicTensor => {
      const first = relu(norm(conv(x, `${name}_conv_1`, filters, 3, strides), `${name}_norm_1`), `${name}_relu_1`);
      const second = norm(conv(first, `${name}_conv_2`, filters, 3, 1), `${name}_norm_2`);
      const shortcut =
        x.shape.at(-1) === filters && strides === 1 ? x : conv(x, `${name}_shortcut`, filters, 1, strides, true);
      const sum = layers.add({ name: `${name}_add` }).apply([second, shortcut]) as SymbolicTensor;
      return relu(sum, `${name}_relu_2`);
    };
    const image = layers.input({ name: 'image', shape: [...inputShape] });
    let x = relu(norm(conv(image, 'conv', settings.filters, 5, 1), 'norm'), 'relu');
    x = layers.maxPooling2d({ name: 'pool', poolSize: 2 }).apply(x) as SymbolicTensor;
    for (const [stage, filters] of [1, 2, 4].map((factor) => factor * settings.filters).entries())
      for (const half of [1, 2]) x = block(x, `block_${stage + 1}_${half}`, filters, stage > 0 && half === 1 ? 2 : 1);
    x = layers.globalAveragePooling2d({ name: 'average' }).apply(x) as SymbolicTensor;
    const probabilities = layers
      .dense({ name: 'probabilities', units: outputs, activation: outputs === 1 ? 'sigmoid' : 'softmax' })
      .apply(x) as SymbolicTensor;
    return layers.model({ name: 'landscape-resnet', inputs: image, outputs: probabilities });
  },
});
