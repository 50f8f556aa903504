import { type ModelCard, random, SDK_VERSION } from '@jetsdk/jets';
import { decodeModel, encodeModel, type Graph, readCard, withCard } from '@jetsdk/onnx';
import * as tf from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { certify } from './certify/certify.js';
import { madeUpInputs } from './certify/madeUpInputs.js';
import { exportModel } from './exportModel.js';
import { openOrt } from './ort.testing.js';
import { artifactsOf, predict, randomiseWeights } from './tfjs.testing.js';

/** The course network on 30×30 images. */
function courseCnn(): tf.LayersModel {
  const model = tf.sequential();
  model.add(
    tf.layers.conv2d({ inputShape: [30, 30, 1], filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' }),
  );
  model.add(tf.layers.batchNormalization({ momentum: 0.6 }));
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dropout({ rate: 0.2 }));
  model.add(tf.layers.dense({ units: 64, activation: 'relu' }));
  model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
  return model;
}

const CARD: ModelCard = {
  format: 'jetsdk-card/1',
  name: 'course',
  version: '1',
  task: 'top tagging',
  classes: ['qcd', 'top'],
  signalClass: 'top',
  input: { kind: 'images', name: 'image', shape: [30, 30, 1], layout: 'NHWC' },
  output: { name: 'score', kind: 'score' },
  sdkVersion: SDK_VERSION,
  licence: 'MIT',
};

function images(count: number, shape: readonly number[], seed = 1): { shape: number[]; data: Float32Array } {
  const stream = random(seed);
  const size = shape.reduce((a, b) => a * b, count);
  return { shape: [count, ...shape], data: Float32Array.from({ length: size }, () => stream.uniform()) };
}

describe('exportModel', () => {
  const model = courseCnn();
  const stream = random(7);
  randomiseWeights(model, () => stream.normal());
  const artifacts = artifactsOf(model);

  it('writes the course network, certified against tfjs to 1e-5', async () => {
    const { bytes, inputs, outputs } = exportModel(artifacts);
    expect(inputs).toEqual([{ name: 'image', shape: [30, 30, 1] }]);
    expect(outputs).toEqual([{ name: 'score', shape: [1] }]);
    const x = images(300, [30, 30, 1]);
    const [reference] = predict(model, [x]);
    const parity = await certify({
      bytes,
      inputs: { image: x },
      reference: reference.data,
      open: openOrt,
    });
    expect(parity).toMatchObject({ jets: 300, tolerance: 1e-5, runtime: 'onnxruntime-node cpu' });
    expect(parity.maxAbsDifference).toBeLessThan(1e-5);
  });

  it('carries the card inside the file', () => {
    const { bytes } = exportModel(artifacts, { card: CARD });
    expect(readCard(bytes)).toEqual(CARD);
    const parity = [{ runtime: 'x', jets: 1, maxAbsDifference: 0, tolerance: 1e-5 }];
    expect(readCard(withCard(bytes, { ...CARD, parity }))).toEqual({ ...CARD, parity });
    expect(readCard(exportModel(artifacts).bytes)).toBeUndefined();
  });

  it('says of the input of an Embedding which whole numbers it takes, and makes such up', () => {
    const network = tf.sequential();
    network.add(tf.layers.embedding({ inputDim: 50, outputDim: 2, batchInputShape: [null, 4] }));
    const [input] = exportModel(artifactsOf(network)).inputs;
    expect(input).toMatchObject({ shape: [4], indices: 50 });
    const { shape, data } = madeUpInputs(input.shape, 100, input.indices);
    expect(shape).toEqual([100, 4]);
    expect(data.every((index) => Number.isInteger(index) && index >= 0 && index < 50)).toBe(true);
    expect(new Set(data).size).toBeGreaterThan(40);
  });

  it('gives the same bytes for the same artifacts', () => {
    const [one, other] = [0, 1].map(() => exportModel(artifacts, { card: CARD }).bytes);
    expect(Buffer.compare(one, other)).toBe(0);
  });

  it('decodes to the graph that was encoded', () => {
    const { bytes, graph } = exportModel(artifacts);
    const read = decodeModel(bytes);
    expect(Buffer.compare(encodeModel(read), bytes)).toBe(0);
    const lengths = (of: Graph) => ({
      ...of,
      initializers: of.initializers.map((t) => [t.name, t.dims, t.data.length]),
    });
    expect(lengths(read.graph)).toEqual(lengths(graph));
  });

  it.each([
    ['sigmoid', 1, 'score'],
    ['softmax', 3, 'probabilities'],
    ['tanh', 1, 'mean'],
  ] as const)('calls the mean of several outputs of a %s what each of them is', (activation, units, name) => {
    const input = tf.input({ shape: [4] });
    const each = [1, 2].map(() => tf.layers.dense({ units, activation }).apply(input) as tf.SymbolicTensor);
    const outputs = tf.layers.average({ name: 'mean' }).apply(each) as tf.SymbolicTensor;
    expect(exportModel(artifactsOf(tf.model({ inputs: input, outputs }))).outputs).toEqual([{ name, shape: [units] }]);
  });
});
