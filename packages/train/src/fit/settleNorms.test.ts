import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { expectClose } from '../compare.testing.js';
import { prongImages } from '../images.testing.js';
import { setWeights, weightsOf } from './epochs.js';
import { predict } from './predict.js';
import { settleNorms } from './settleNorms.js';

beforeAll(async () => {
  await selectBackend('wasm');
});
afterAll(() => tf.disposeVariables());

const { inputs } = prongImages(3000, 8, 1);

/** Of a convolution with a normalisation that knows nothing of what it normalises: factor 1, mean 0, variance 1 − ε. */
async function network() {
  const model = sequential({
    layers: [
      layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, useBias: false, name: 'conv' }),
      layers.batchNormalization({ name: 'norm' }),
      layers.reLU({ name: 'relu' }),
      layers.flatten({ name: 'flatten' }),
      layers.dense({ units: 1, activation: 'sigmoid', name: 'score' }),
    ],
  });
  const weights = await weightsOf(model);
  weights[2].set([0.1, -0.1, 0.02, 0]);
  weights[6].fill(0.999);
  setWeights(model, weights);
  return { model, norm: { gamma: 1, beta: 2, mean: 5, variance: 6 } };
}

test('the network says the same as before', async () => {
  const { model, norm } = await network();
  const before = await predict(model, inputs);
  await settleNorms(model, inputs, [norm]);
  expectClose(await predict(model, inputs), before);
  model.dispose();
});

test('mean and variance are those of 1024 of the jets, spread over all', async () => {
  const { model, norm } = await network();
  await settleNorms(model, inputs, [norm]);
  const [kernel, , , , , mean, variance] = await weightsOf(model);
  const rows = Array.from({ length: 1024 }, (_, i) => Math.floor((i * 3000) / 1024));
  const [means, variances] = tf.tidy(() => {
    const jets = tf.gather(tf.tensor4d(inputs.data, [3000, 8, 8, 1]), rows);
    const made = tf.conv2d(jets as tf.Tensor4D, tf.tensor4d(kernel, [3, 3, 1, 4]), 1, 'valid');
    const moments = tf.moments(made, [0, 1, 2]);
    return [moments.mean.dataSync(), moments.variance.dataSync()];
  });
  for (let c = 0; c < 4; c++) {
    expect(Math.abs(mean[c] - means[c])).toBeLessThan(1e-5 * Math.sqrt(variances[c]));
    expect(Math.abs(variance[c] / variances[c] - 1)).toBeLessThan(1e-4);
  }
  model.dispose();
});

test('weights of other layers stay', async () => {
  const { model, norm } = await network();
  const before = await weightsOf(model);
  await settleNorms(model, inputs, [norm]);
  const after = await weightsOf(model);
  for (const number of [0, 3, 4]) expect(after[number]).toEqual(before[number]);
  model.dispose();
});
