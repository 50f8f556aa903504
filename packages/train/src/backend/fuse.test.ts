import {
  cast,
  mul,
  profile,
  sum,
  type Tensor,
  tensor,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose, largest, noise } from '../compare.testing.js';
import { artifactsOf, modelOf } from '../model/artifacts.js';
import { buildNetwork } from '../networks/buildNetwork.js';
import { zoo } from '../zoo/index.js';
import { selectBackend } from './select.js';

const SHAPE: Readonly<Record<string, readonly number[]>> = {
  'constituent-dnn': [20, 4],
  'cvn-two-view': [12, 12, 2],
  'landscape-fine': [48, 48, 1],
  'landscape-pt': [48, 48, 1],
};
/** Deep networks add up more roundings, and cpu adds in another order. */
const LAYERS_DEEP = 20;

/** Output, weight gradients and moving averages after one training step's worth of work. */
function work(model: LayersModel, shape: readonly number[]): Float32Array[] {
  return tidy(() => {
    const size = shape.reduce((a, b) => a * b, 1);
    // pixels are not negative, and there are networks that take their logarithms, or the spread of the momenta of jets
    const pixels = noise(4 * size, 1).map((value, i) => Math.abs(value) * (1 + Math.floor(i / size)));
    const x = cast(tensor(pixels, [4, ...shape]), 'float32');
    const inference = model.apply(x, { training: false }) as Tensor;
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
    const { grads } = variableGrads(() => {
      const y = model.apply(x, { training: true }) as Tensor;
      return sum(mul(y, tensor(noise(y.size, 2), y.shape)));
    }, variables);
    const moved = model.weights.map((weight) => weight.read());
    return [inference, ...Object.values(grads), ...moved].map((t) => Float32Array.from(t.dataSync()));
  });
}

describe('fused layers', () => {
  beforeAll(() => selectBackend('cpu'));

  // landscape-cnn has the layer kinds of tutorial-cnn and takes the cpu backend more than a minute.
  test.each(Object.entries(zoo).filter(([name]) => name !== 'landscape-cnn'))(
    '%s gives the same outputs and gradients as the stock layers on the cpu backend',
    async (name, network) => {
      const shape = SHAPE[name] ?? [12, 12, 1];
      await selectBackend('cpu');
      const stock = await buildNetwork(network, { inputShape: shape, seed: 1 });
      const artifacts = await artifactsOf(stock);
      const expected = work(stock, shape);
      stock.dispose();
      await selectBackend('wasm', { threads: 2 });
      const fused = await modelOf(artifacts);
      const got = work(fused, shape);
      fused.dispose();
      expect(got.length).toBe(expected.length);
      const scale = largest(expected.slice(1).map(largest));
      for (const [i, values] of expected.entries()) expectClose(got[i], values, LAYERS_DEEP * (i === 0 ? 1 : scale));
    },
  );

  test.each([true, false])('no gradient of the images is computed, with a bias %s', async (useBias) => {
    await selectBackend('wasm', { threads: 2 });
    const conv = { filters: 8, kernelSize: 3, useBias };
    const stock = sequential({ layers: [layers.conv2d({ ...conv, inputShape: [12, 12, 1] }), layers.conv2d(conv)] });
    const model = await modelOf(await artifactsOf(stock));
    const { kernels } = await profile(() => void work(model, [12, 12, 1]));
    expect(kernels.filter(({ name }) => name === 'Conv2DBackpropFilter')).toHaveLength(2);
    expect(kernels.filter(({ name }) => name === 'Conv2DBackpropInput')).toHaveLength(1);
    model.dispose();
    stock.dispose();
  });

  const STOCK = [
    [
      'Conv2D without a bias',
      [6, 5, 3],
      () => layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, padding: 'same', useBias: false }),
    ],
    [
      'Conv2D without a bias, rectified',
      [6, 5, 3],
      () => layers.conv2d({ filters: 5, kernelSize: [2, 4], activation: 'relu', useBias: false }),
    ],
    [
      'Conv2DTranspose, same',
      [5, 4, 3],
      () => layers.conv2dTranspose({ filters: 6, kernelSize: 5, strides: 2, padding: 'same' }),
    ],
    [
      'Conv2DTranspose, valid',
      [5, 4, 3],
      () => layers.conv2dTranspose({ filters: 2, kernelSize: [2, 4], strides: [3, 2], activation: 'relu' }),
    ],
  ] as const;
  test.each(STOCK)('%s gives the same outputs and gradients as on the cpu backend', async (_, inputShape, make) => {
    await selectBackend('cpu');
    const stock = sequential({
      layers: [
        layers.inputLayer({ inputShape: [...inputShape] }),
        layers.conv2d({ filters: 3, kernelSize: 1 }),
        make(),
      ],
    });
    const artifacts = await artifactsOf(stock);
    const expected = work(stock, inputShape);
    stock.dispose();
    await selectBackend('wasm', { threads: 2 });
    const fused = await modelOf(artifacts);
    const got = work(fused, inputShape);
    fused.dispose();
    expect(got.length).toBe(expected.length);
    const scale = largest(expected.slice(1).map(largest));
    for (const [i, values] of expected.entries()) expectClose(got[i]!, values, LAYERS_DEEP * (i === 0 ? 1 : scale));
  });

  test('Embedding gives the rows of its table for numbers as they come, whole or as floats', async () => {
    await selectBackend('wasm', { threads: 2 });
    const stock = sequential({ layers: [layers.embedding({ inputDim: 3, outputDim: 4, inputShape: [2] })] });
    const model = await modelOf(await artifactsOf(stock));
    tidy(() => {
      const table = model.weights[0]!.read().arraySync() as number[][];
      const numbers = [
        [2, 0],
        [1, 2],
      ];
      for (const type of ['int32', 'float32'] as const) {
        const made = (model.apply(tensor(numbers, [2, 2], type)) as Tensor).arraySync();
        expect(made).toEqual(numbers.map((row) => row.map((one) => table[one])));
      }
    });
    model.dispose();
    stock.dispose();
  });
});
