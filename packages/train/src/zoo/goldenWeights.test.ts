import { random } from '@jetsdk/jets';
import { beforeAll, expect, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { digest } from '../compare.testing.js';
import { fit } from '../fit/fit.js';
import { artifactsOf } from '../model/artifacts.js';
import { buildNetwork } from '../networks/buildNetwork.js';
import { type NetworkName, zoo } from './index.js';

/** SHA-256 of the weights after two epochs on a few made-up jets with seed 7, on the wasm backend. */
const GOLDEN: Readonly<Record<NetworkName, string>> = {
  'course-cnn': '3d73474d3cbe7fbc3f9de40e896dcfed9050be573d0f3ad284a692c9d51917c2',
  'course-dense': '2ded7c9e2647b59cea569d7cdd3040958233a17a59edbe82b168b918f2a2d99e',
  'tutorial-cnn': '58978dd8886e754770375a7aa655be4447ff31750fe46441cea2dc44977bcaf4',
  'jet-images-maxout': '538b561bad30e69a0a885ec619a0090788c5ec64a0a6c302549ac8fd797c1ae2',
  'jet-images-conv': '4cde89a5141b815f80565b74f0fbd2abcf5ae57668a99ac9ab2aa9935a3f96d0',
  'constituent-dnn': '3015c2f965bb6faba3d12d380d9c40d3373974f593ec9a31a393159b03d29a28',
  'landscape-cnn': '7b873a69b8dece6e855bdb662972b948d67368feed278a3bba7faf7ee90fe0aa',
  'landscape-resnet': '500729048dab893e0a487b05826e9efaed987fbe94a10a723983397539dfc2c0',
  'landscape-fine': 'fbbb52f051b4c62e88d6de15013c453a9bf093ad2887d66338323c5c764a2f41',
  'landscape-pt': '4c8f672713e161a5355183bc21debf7fd9fd2980e153e47fc40f2432dbf61014',
  cvn: '72de213a067d15b45467a8f2245fc320c42f6979d5f04b1f6329c9bf8bc77046',
  'cvn-two-view': '887e9bf0e9833a4f08d34f1e796d9493e0bfa9b8b6e2ee2bf3511df2edd845d2',
};

beforeAll(() => selectBackend('wasm', { threads: 1 }));

/** Sparse numbers, more of them for signal; made without trigonometry, which engines round differently. */
function sparseJets(count: number, shape: readonly number[]) {
  const rng = random(11);
  const size = shape.reduce((a, b) => a * b, 1);
  const labels = Uint8Array.from({ length: count }, (_, jet) => jet % 2);
  const data = Float32Array.from({ length: count * size }, (_, i) =>
    rng.uniform() < 0.1 + 0.1 * labels[Math.floor(i / size)] ? rng.uniform() : 0,
  );
  return { inputs: { shape: [count, ...shape], data }, labels };
}

test.each(Object.keys(zoo) as NetworkName[])(
  'a training of %s ends with the weights it always ended with, bit for bit',
  async (name) => {
    const network = zoo[name];
    const [, , channels] = network.inputShape;
    const shape = channels === undefined ? network.inputShape : [16, 16, channels];
    const training = sparseJets(40, shape);
    const model = await buildNetwork(network, { inputShape: shape, seed: 7 });
    const { learningRate } = network.defaults;
    const settings = { batchSize: 16, epochs: 2, patience: 2, learningRate, seed: 7 };
    await fit(model, training, { ...settings, validation: training });
    const got = digest(await artifactsOf(model));
    model.dispose();
    expect(got).toBe(GOLDEN[name]);
  },
);
