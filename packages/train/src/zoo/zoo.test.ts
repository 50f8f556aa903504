import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import { model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { digest, noise } from '../compare.testing.js';
import type { Examples } from '../data/examples.js';
import { fit } from '../fit/fit.js';
import { prongImages } from '../images.testing.js';
import { artifactsOf } from '../model/artifacts.js';
import { buildNetwork } from '../networks/buildNetwork.js';
import type { Network } from '../networks/network.js';
import { flatSettings } from '../networks/settings.js';
import { zoo } from './index.js';

/** Noise around +1 for signal and -1 for background. */
function prongFeatures(count: number, shape: readonly number[]): Examples {
  const size = shape.reduce((a, b) => a * b, 1);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  const data = noise(count * size, 1).map((value, i) => value + 2 * labels[Math.floor(i / size)] - 1);
  return { inputs: { shape: [count, ...shape], data }, labels };
}

beforeAll(() => selectBackend('wasm', { threads: 1 }));

test('course-cnn has 115,441 parameters for 30×30 images, 115,425 of them trainable', async () => {
  const model = await buildNetwork(zoo['course-cnn'], { seed: 1 });
  expect(model.countParams()).toBe(115_441);
  const trainable = model.trainableWeights.map((weight) => weight.shape.reduce<number>((a, b) => a * b!, 1));
  expect(trainable.reduce((a, b) => a + b)).toBe(115_425);
  model.dispose();
});

test.each([
  ['tutorial-cnn', 216_546],
  ['course-dense', 114_129],
  ['jet-images-conv', 43_841],
  ['landscape-cnn', 609_666],
  ['landscape-fine', 402_026],
  ['landscape-pt', 408_286],
] as const)('%s has %i parameters', async (name, parameters) => {
  const network = zoo[name];
  const model = await buildNetwork(network, { seed: 1 });
  expect(model.countParams()).toBe(parameters);
  model.dispose();
});

test('landscape-pt is told of the momentum within three deviations of that of its training', async () => {
  const network = await buildNetwork(zoo['landscape-pt'], { inputShape: [16, 16, 1], seed: 1 });
  const told = model({ inputs: network.inputs, outputs: network.getLayer('deviation').output as SymbolicTensor });
  const [, , mean, variance] = network.getLayer('momentum_norm').weights;
  mean!.write(tensor([Math.log(600)]));
  variance!.write(tensor([0.05 ** 2]));
  const momenta = [60, 600, 600 * Math.exp(0.05), 600 * Math.exp(-0.1), 6000];
  const images = Float32Array.from({ length: momenta.length * 256 }, (_, i) =>
    i % 256 === 77 || i % 256 === 90 ? momenta[Math.floor(i / 256)]! / 2 : 0,
  );
  const seen = (told.predict(tensor(images, [momenta.length, 16, 16, 1])) as Tensor).dataSync();
  for (const [i, deviations] of [-3, 0, 1, -2, 3].entries()) expect(seen[i]).toBeCloseTo(deviations, 1);
  network.dispose();
});

test.each(Object.values(zoo))('$name says what each of its settings means', ({ settings, meanings }: Network) => {
  expect(Object.keys(meanings ?? {})).toEqual(Object.keys(flatSettings(settings)));
});

test('cvn-two-view refuses images of another number of channels', async () => {
  const built = buildNetwork(zoo['cvn-two-view'], { inputShape: [48, 48, 1], seed: 1 });
  await expect(built).rejects.toThrow(/48×48×1; expected images of 2 channels/);
});

test('a name that is none does not compile', () => {
  // @ts-expect-error the names are literals, so that editors complete them
  expect(zoo['course-cnnn']).toBeUndefined();
});

describe.each(Object.entries(zoo))('%s', (key, network) => {
  test('is called by its key', () => {
    expect(network.name).toBe(key);
  });

  test('has as many outputs as it says, and its own input shape', async () => {
    const model = await buildNetwork(network, { seed: 1 });
    expect(model.outputs[0].shape).toEqual([null, network.outputs]);
    expect(model.inputs[0].shape).toEqual([null, ...network.inputShape]);
    model.dispose();
  });

  test('has no bias in front of a normalisation: it would drift, and the moving mean lag behind it', async () => {
    const model = await buildNetwork(network, { seed: 1 });
    for (const layer of model.layers) {
      if (layer.getClassName() !== 'BatchNormalization') continue;
      const before = model.layers.find((other) => other.output === layer.input);
      const { useBias = false, activation = 'linear' } = before?.getConfig() ?? {};
      expect(useBias && activation === 'linear', before?.name).toBe(false);
    }
    model.dispose();
  });

  test('learns on a few jets: the loss on them falls', async () => {
    const [, , channels] = network.inputShape;
    const small = channels === undefined ? network.inputShape : [16, 16, channels];
    const training = channels === 1 ? prongImages(48, 16, 1) : prongFeatures(48, small);
    const model = await buildNetwork(network, { inputShape: small, seed: 1 });
    const settings = { batchSize: 16, epochs: 5, patience: 5, learningRate: network.defaults.learningRate, seed: 1 };
    const { history } = await fit(model, training, { ...settings, validation: training });
    expect(history.at(-1)!.loss).toBeLessThan(history[0].loss);
    model.dispose();
  });

  test('has the same weights for the same seed and others for another', async () => {
    const weights: string[] = [];
    for (const seed of [7, 7, 8]) {
      const model = await buildNetwork(network, { seed });
      weights.push(digest(await artifactsOf(model)));
      model.dispose();
    }
    expect(weights[0]).toBe(weights[1]);
    expect(weights[0]).not.toBe(weights[2]);
  });
});
