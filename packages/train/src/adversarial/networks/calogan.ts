import { abs, concat, div, mul, step, sub, sum } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Layers } from '../../networks/layers.js';
import type { Gan, GanImage } from '../gan.js';
import { chain, leaky } from './blocks.js';
import { computed } from './computed.js';

const LATENT = 1024;
const COMPARED = { kernels: 10, dimensions: 10 };
/** GeV of energy that are counted as a large error. */
const LARGE_ERROR = 5;

const layer = (name: string, height: number, width: number): GanImage => ({
  name,
  pixels: [height, width],
  unit: 'MeV',
  scale: 1000,
});
const IMAGES = [layer('layer_0', 3, 96), layer('layer_1', 12, 12), layer('layer_2', 12, 6)] as const;

/**
 * Showers in the three layers of a calorimeter: a stream of layers with other filters at every cell for each of them, and
 * attention that carries what lies in one layer to the next.
 *
 * @see Paganini, de Oliveira, Nachman: arXiv:1705.02355, section 4
 */
export const calogan: Gan = {
  name: 'calogan',
  description: 'showers in three layers of a calorimeter at an energy in GeV; arXiv:1705.02355',
  task: 'showers in three layers of a calorimeter',
  conditions: [{ name: 'energy', unit: 'GeV', range: [1, 100] }],
  latent: LATENT,
  images: IMAGES,
  heads: [{ kind: 'energy', condition: 'energy', weight: 0.05 }],
  flip: 0,
  generatorSteps: 2,
  defaults: { batchSize: 256, epochs: 50, learningRate: 2e-4, discriminatorRate: 2e-5 },

  generator(layers) {
    const noise = layers.input({ name: 'noise', shape: [LATENT] });
    const energy = layers.input({ name: 'energy', shape: [1] });
    const scaled = layers.rescaling({ name: 'scaled', scale: 1 / 100 }).apply(energy) as SymbolicTensor;
    const hidden = layers.multiply({ name: 'hidden' }).apply([noise, scaled]) as SymbolicTensor;
    const [first, second, third] = IMAGES.map((image) => stream(layers, image, hidden));
    const intoSecond = chain(first, [
      layers.upSampling2d({ name: 'carried_up_1', size: [4, 1] }),
      layers.averagePooling2d({ name: 'carried_1', poolSize: [1, 8], strides: [1, 8] }),
    ]);
    const painted = inPainted(layers, 'attention_1', second, intoSecond);
    const intoThird = chain(painted, [
      layers.averagePooling2d({ name: 'carried_2', poolSize: [1, 2], strides: [1, 2] }),
    ]);
    const outputs = [first, painted, inPainted(layers, 'attention_2', third, intoThird)].map(
      (image, k) => layers.reLU({ name: IMAGES[k].name }).apply(image) as SymbolicTensor,
    );
    return layers.model({ name: 'calogan', inputs: [noise, energy], outputs });
  },

  discriminator(layers) {
    const images = IMAGES.map(({ name, pixels: [height, width] }) => layers.input({ name, shape: [height, width, 1] }));
    const requested = layers.input({ name: 'energy', shape: [1] });
    const features = images.flatMap((image, k) => {
      const cells = cellFeatures(layers, IMAGES[k].name, image);
      const [height, width] = IMAGES[k].pixels;
      const filled = computed(`${IMAGES[k].name}_filled`, [image], 1, ([x]) =>
        div(sum(step(x), [1, 2]), height * width),
      );
      return [
        cells,
        alike(layers, `${IMAGES[k].name}_alike`, cells),
        filled,
        alike(layers, `${IMAGES[k].name}_alike_filled`, filled),
      ];
    });
    const energies = computed('energies', images, 3, (layered) =>
      concat(
        layered.map((x) => sum(x, [1, 2])),
        1,
      ),
    );
    const total = computed('total', [energies], 1, ([all]) => sum(all, 1, true));
    const checks = computed('checks', [energies, total, requested], 6, ([all, deposited, wanted]) => {
      const off = abs(sub(deposited, wanted));
      return concat([div(all, 10), div(deposited, 100), off, mul(step(sub(off, LARGE_ERROR)), 10)], 1);
    });
    const everything = layers
      .concatenate({ name: 'all' })
      .apply([...features, checks, alike(layers, 'energies_alike', energies)]);
    const real = layers.dense({ name: 'real', units: 1 }).apply(everything) as SymbolicTensor;
    return layers.model({ name: 'calogan-discriminator', inputs: [...images, requested], outputs: [real, total] });
  },
};

function stream(layers: Layers, { name, pixels: [height, width] }: GanImage, hidden: SymbolicTensor): SymbolicTensor {
  const [tall, wide] = [height + 2, width + 2];
  return chain(hidden, [
    layers.dense({ name: `${name}_dense`, units: tall * wide * 36 }),
    layers.reshape({ name: `${name}_square`, targetShape: [tall, wide, 36] }),
    layers.conv2d({
      name: `${name}_conv`,
      filters: 16,
      kernelSize: 2,
      padding: 'same',
      kernelInitializer: 'heUniform',
    }),
    leaky(layers),
    layers.batchNormalization({ name: `${name}_norm` }),
    layers.locallyConnected2d({
      name: `${name}_local_1`,
      filters: 6,
      kernelSize: [2, 2],
      kernelInitializer: 'heUniform',
    }),
    leaky(layers),
    layers.locallyConnected2d({ name: `${name}_local_2`, filters: 1, kernelSize: [2, 2], useBias: false }),
  ]);
}

/** A mean of two images whose weights follow, cell by cell, from what lies around in both; the carried one begins small. */
function inPainted(layers: Layers, name: string, own: SymbolicTensor, carried: SymbolicTensor): SymbolicTensor {
  const both = layers.concatenate({ name: `${name}_both` }).apply([own, carried]) as SymbolicTensor;
  const logits = chain(both, [
    layers.zeroPadding2d({ name: `${name}_pad`, padding: 1 }),
    layers.locallyConnected2d({ name, filters: 2, kernelSize: [3, 3], initialBias: [0, -10] }),
  ]);
  return layers.weightedMean({ name: `${name}_mean` }).apply([both, logits]) as SymbolicTensor;
}

function cellFeatures(layers: Layers, name: string, image: SymbolicTensor): SymbolicTensor {
  const block = (number: number, filters: number, size: number, right: number) => [
    layers.zeroPadding2d({ name: `${name}_pad_${number}`, padding: 1 }),
    layers.locallyConnected2d({
      name: `${name}_local_${number}`,
      filters,
      kernelSize: [size, size],
      strides: [1, right],
    }),
    leaky(layers),
    layers.batchNormalization({ name: `${name}_norm_${number}` }),
  ];
  return chain(image, [
    layers.conv2d({ name: `${name}_conv`, filters: 64, kernelSize: 2, padding: 'same' }),
    leaky(layers),
    ...block(1, 16, 3, 2),
    ...block(2, 8, 2, 1),
    ...block(3, 8, 2, 2),
    layers.flatten({ name: `${name}_features` }),
  ]);
}

/** tanh of how much rows are like the others of the batch in their features. */
function alike(layers: Layers, name: string, features: SymbolicTensor): SymbolicTensor {
  return chain(features, [
    layers.dense({ name: `${name}_compared`, units: COMPARED.kernels * COMPARED.dimensions }),
    layers.minibatchDiscrimination({ name, ...COMPARED }),
    layers.activation({ name: `${name}_tanh`, activation: 'tanh' }),
  ]);
}
