import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LocallyConnected2DConfig } from '../../layers/index.js';
import type { Layers } from '../../networks/layers.js';
import type { Gan } from '../gan.js';
import { chain, leaky } from './blocks.js';

const LATENT = 200;
const PIXELS = 25;

/**
 * Jet images of W and QCD jets: networks that have other filters at every pixel, since a jet image looks different in its
 * middle and at its edge.
 *
 * @see de Oliveira, Paganini, Nachman: arXiv:1701.05927, figure 3 and section 3
 */
export const lagan: Gan = {
  name: 'lagan',
  description: 'jet images of W (1) and QCD (0) jets, 25 × 25 pixels; arXiv:1701.05927',
  task: 'jet images',
  conditions: [{ name: 'signal', range: [0, 1], whole: true }],
  latent: LATENT,
  images: [{ name: 'image', pixels: [PIXELS, PIXELS], unit: 'GeV', scale: 100 }],
  heads: [{ kind: 'class', condition: 'signal', weight: 1, flip: { generated: 0.05, generator: 0.09 } }],
  flip: 0.05,
  generatorSteps: 2,
  defaults: { batchSize: 100, epochs: 40, learningRate: 2e-4, discriminatorRate: 2e-4 },

  generator(layers) {
    const noise = layers.input({ name: 'noise', shape: [LATENT] });
    const signal = layers.input({ name: 'signal', shape: [1] });
    const embedded = layers
      .flatten({ name: 'embedded' })
      .apply(
        layers
          .embedding({ name: 'classes', inputDim: 2, outputDim: LATENT, embeddingsInitializer: 'glorotNormal' })
          .apply(signal),
      ) as SymbolicTensor;
    const local = localOf(layers);
    const image = chain(layers.multiply({ name: 'hidden' }).apply([noise, embedded]) as SymbolicTensor, [
      layers.dense({ name: 'dense', units: 7 * 7 * 128 }),
      layers.reshape({ name: 'square', targetShape: [7, 7, 128] }),
      layers.conv2d({
        name: 'conv',
        filters: 64,
        kernelSize: 5,
        padding: 'same',
        kernelInitializer: 'heUniform',
      }),
      leaky(layers),
      layers.batchNormalization({ name: 'norm_1' }),
      layers.upSampling2d({ name: 'up_1', size: [2, 2] }),
      layers.zeroPadding2d({ name: 'pad', padding: 2 }),
      local('local_1', 6, 5, 1, 'heUniform'),
      leaky(layers),
      layers.batchNormalization({ name: 'norm_2' }),
      layers.upSampling2d({ name: 'up_2', size: [2, 2] }),
      local('local_2', 6, 3, 1, 'heUniform'),
      leaky(layers),
      layers.locallyConnected2d({ name: 'local_3', filters: 1, kernelSize: [2, 2], useBias: false }),
      layers.reLU({ name: 'image' }),
    ]);
    return layers.model({ name: 'lagan', inputs: [noise, signal], outputs: image });
  },

  discriminator(layers) {
    const image = layers.input({ name: 'image', shape: [PIXELS, PIXELS, 1] });
    const local = localOf(layers);
    const drop = () => layers.dropout({ rate: 0.2 });
    const block = (name: string, filters: number, size: number, stride: number, padding: number) => [
      layers.zeroPadding2d({ name: `pad_${name}`, padding }),
      local(`local_${name}`, filters, size, stride, 'glorotUniform'),
      leaky(layers),
      layers.batchNormalization({ name: `norm_${name}` }),
      drop(),
    ];
    const features = chain(image, [
      layers.conv2d({ name: 'conv', filters: 32, kernelSize: 5, padding: 'same' }),
      leaky(layers),
      drop(),
      ...block('1', 8, 5, 2, 2),
      ...block('2', 8, 5, 1, 2),
      ...block('3', 8, 3, 2, 1),
      layers.averagePooling2d({ name: 'pool', poolSize: 2 }),
      layers.flatten({ name: 'features' }),
    ]);
    const alike = chain(features, [
      layers.dense({ name: 'compared', units: 20 * 10 }),
      layers.minibatchDiscrimination({ name: 'alike', kernels: 20, dimensions: 10 }),
    ]);
    const all = layers.concatenate({ name: 'all' }).apply([features, alike]) as SymbolicTensor;
    const heads = ['real', 'class'].map((name) => layers.dense({ name, units: 1 }).apply(all) as SymbolicTensor);
    return layers.model({ name: 'lagan-discriminator', inputs: image, outputs: heads });
  },
};

/** A locally connected layer with square filters. */
function localOf(layers: Layers) {
  return (name: string, filters: number, size: number, stride: number, kernelInitializer: Initializer) =>
    layers.locallyConnected2d({
      name,
      filters,
      kernelSize: [size, size],
      strides: [stride, stride],
      kernelInitializer,
    });
}

type Initializer = LocallyConnected2DConfig['kernelInitializer'];
