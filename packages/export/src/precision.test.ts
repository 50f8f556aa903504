import type { Tensor } from '@jetsdk/jets';
import { random } from '@jetsdk/jets';
import { decodeModel } from '@jetsdk/onnx';
import * as tf from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { exportModel, quantise } from './index.js';
import { openOrt, runOrt } from './ort.testing.js';
import { artifactsOf, predict, randomiseWeights } from './tfjs.testing.js';

const NETWORK = (): tf.LayersModel => {
  const model = tf.sequential();
  model.add(
    tf.layers.conv2d({ inputShape: [12, 12, 1], filters: 6, kernelSize: 3, padding: 'same', activation: 'relu' }),
  );
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 128, activation: 'relu' }));
  model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
  return model;
};

function setUp() {
  const model = NETWORK();
  const stream = random(5);
  randomiseWeights(model, () => 0.5 * stream.normal());
  const images = (count: number): Tensor => ({
    shape: [count, 12, 12, 1],
    data: Float32Array.from({ length: count * 144 }, () => stream.uniform()),
  });
  const test = images(200);
  return { artifacts: artifactsOf(model), images, test, reference: predict(model, [test])[0].data };
}

function worst(got: Float32Array, expected: Float32Array): number {
  return got.reduce((max, value, i) => Math.max(max, Math.abs(value - expected[i])), 0);
}

describe('float16 weights', () => {
  it('halve the file and move a score by no more than half precision allows', async () => {
    const { artifacts, test, reference } = setUp();
    const full = exportModel(artifacts);
    const half = exportModel(artifacts, { precision: 'float16' });
    expect(half.bytes.length).toBeLessThan(0.6 * full.bytes.length);
    const { score } = await runOrt(half.bytes, { image: test });
    expect(worst(score.data, reference)).toBeLessThan(5e-3);
    expect(worst(score.data, reference)).toBeGreaterThan(0);
  });

  it('are refused where a weight is too large', () => {
    const { artifacts } = setUp();
    const [kernel, ...rest] = artifacts.weights;
    const data = kernel.data.slice();
    data[0] = 1e5;
    expect(() =>
      exportModel({ ...artifacts, weights: [{ ...kernel, data }, ...rest] }, { precision: 'float16' }),
    ).toThrow(/weight 100000; float16 holds at most 65504/);
  });
});

describe('quantise', () => {
  it('writes int8 weights, a smaller file, and scores close to the network', async () => {
    const { artifacts, images, test, reference } = setUp();
    const full = exportModel(artifacts);
    const small = await quantise({ bytes: full.bytes, calibration: { image: images(100) }, open: openOrt });
    const { graph } = decodeModel(small);
    expect(graph.initializers.filter(({ type, dims }) => type === 'float32' && dims.length > 1)).toEqual([]);
    expect(graph.initializers.filter(({ type, dims }) => type === 'int8' && dims.length > 1)).toHaveLength(4);
    expect(small.length).toBeLessThan(0.5 * full.bytes.length);
    const { score } = await runOrt(small, { image: test });
    expect(worst(score.data, reference)).toBeLessThan(0.06);
    expect(worst(score.data, reference)).toBeGreaterThan(0);
  });

  it('refuses calibration without jets, with NaN, and models without weights', async () => {
    const { artifacts, images } = setUp();
    const { bytes } = exportModel(artifacts);
    await expect(quantise({ bytes, calibration: { image: images(0) }, open: openOrt })).rejects.toThrow(/0 examples/);
    const image = images(1);
    image.data[3] = Number.NaN;
    await expect(quantise({ bytes, calibration: { image }, open: openOrt })).rejects.toThrow(
      /is NaN on a calibration jet/,
    );
    const bare = tf.sequential();
    bare.add(tf.layers.reLU({ inputShape: [3] }));
    const plain = exportModel(artifactsOf(bare)).bytes;
    await expect(quantise({ bytes: plain, calibration: { image }, open: openOrt })).rejects.toThrow(
      /no Conv, Gemm or MatMul/,
    );
  });
});
