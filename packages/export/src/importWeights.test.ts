import { random, type Tensor, toHalf } from '@jetsdk/jets';
import * as tf from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportModel } from './exportModel.js';
import { importWeights } from './importWeights.js';
import { CASES, type LayerCase } from './layers/cases.testing.js';
import { openOrt, runOrt } from './ort.testing.js';
import { quantise } from './quantise.js';
import { artifactsOf, randomiseWeights } from './tfjs.testing.js';

const { averagePooling2d, batchNormalization, conv2d, dense, flatten, maxPooling2d, reLU } = tf.layers;
const IMAGE = [10, 10, 1];

/** With a normalisation that goes into the convolution before it and, behind the pooling, one that stays. */
function network({
  filters = 4,
  useBias = false,
  scale = true,
  pool = maxPooling2d({ poolSize: 2, name: 'pool' }),
}: {
  filters?: number;
  useBias?: boolean;
  scale?: boolean;
  pool?: tf.layers.Layer;
} = {}): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      conv2d({ inputShape: IMAGE, filters, kernelSize: 3, useBias, name: 'conv' }),
      batchNormalization({ scale, epsilon: 1e-4, name: 'folded' }),
      reLU({ name: 'relu' }),
      pool,
      batchNormalization({ name: 'stays' }),
      flatten({ name: 'flatten' }),
      dense({ units: 1, activation: 'sigmoid', name: 'score' }),
    ],
  });
  randomiseWeights(model, random(1).normal);
  return model;
}

/** The same layers with other weights. */
const layersOf = (model: tf.LayersModel): ReturnType<typeof artifactsOf> => {
  const { topology, weights } = artifactsOf(model);
  return { topology, weights: weights.map((weight) => ({ ...weight, data: weight.data.map(() => 0) })) };
};

/** TensorFlow.js numbers names that it has given before. */
const plain = (name: string): string => name.replace(/_\d+$/, '');

const named = (weights: readonly { readonly name: string; readonly data: Float32Array }[]): [string, Float32Array][] =>
  weights.map(({ name, data }) => [name, data]);

async function scores(bytes: Uint8Array): Promise<Float32Array> {
  const { uniform } = random(9);
  const image: Tensor = { shape: [20, ...IMAGE], data: Float32Array.from({ length: 2000 }, uniform) };
  return (await runOrt(bytes, { image })).score.data;
}

function modelOf({ inputs, layer }: LayerCase): tf.LayersModel {
  const sources = inputs.map((shape) => tf.input({ shape: [...shape] }));
  return tf.model({
    inputs: sources,
    outputs: layer().apply(sources.length === 1 ? sources[0] : sources) as tf.SymbolicTensor,
  });
}

describe('the weights found in an exported file', () => {
  const kinds = Object.keys(CASES).filter((kind) => kind !== 'BatchNormalization' && kind !== 'Normalization');

  it.each(kinds)('are those of a network of %s, bit for bit', (kind) => {
    fc.assert(
      fc.property(CASES[kind], fc.nat(1e6), (one, seed) => {
        const model = modelOf(one);
        randomiseWeights(model, random(seed).normal);
        const { weights, folded } = importWeights(exportModel(artifactsOf(model)).bytes, layersOf(model));
        expect(named(weights)).toEqual(named(artifactsOf(model).weights));
        expect(folded).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });

  it.each([false, true])(
    'give the scores of the file where a normalisation went into a convolution, with a bias: %s',
    async (useBias) => {
      const model = network({ useBias });
      const { bytes } = exportModel(artifactsOf(model));
      const { weights, folded } = importWeights(bytes, layersOf(model));
      const names = folded.map((norm) => Object.values(norm).map((number) => plain(weights[number].name)));
      expect(names).toEqual([['folded/gamma', 'folded/beta', 'folded/moving_mean', 'folded/moving_variance']]);
      const again = exportModel({ ...artifactsOf(model), weights });
      const [expected, got] = [await scores(bytes), await scores(again.bytes)];
      for (const [i, score] of expected.entries()) expect(Math.abs(got[i] - score)).toBeLessThan(1e-6);
      const kept = (all: typeof weights) => named(all.filter(({ name }) => /^(stays|score)/.test(name)));
      expect(kept(weights)).toEqual(kept(artifactsOf(model).weights));
    },
  );

  it('give the scores of the file where a normalisation became a factor and a shift', async () => {
    const model = tf.sequential({
      layers: [
        batchNormalization({ inputShape: IMAGE, name: 'standardise' }),
        flatten({ name: 'flatten' }),
        dense({ units: 1, activation: 'sigmoid', name: 'score' }),
      ],
    });
    randomiseWeights(model, random(3).normal);
    const { bytes } = exportModel(artifactsOf(model));
    const { weights, folded } = importWeights(bytes, layersOf(model));
    expect(folded).toEqual([{ gamma: 0, beta: 1, mean: 4, variance: 5 }]);
    const again = exportModel({ ...artifactsOf(model), weights });
    const [expected, got] = [await scores(bytes), await scores(again.bytes)];
    for (const [i, score] of expected.entries()) expect(Math.abs(got[i] - score)).toBeLessThan(1e-6);
  });

  it('are halves where the file has halves', () => {
    const model = network();
    const { bytes } = exportModel(artifactsOf(model), { precision: 'float16' });
    const found = new Map(named(importWeights(bytes, layersOf(model)).weights));
    for (const [name, trained] of named(artifactsOf(model).weights)) {
      if (!/^(stays|score)/.test(name) || trained.length < 16) continue;
      expect(found.get(name)).not.toEqual(trained);
      expect(toHalf(found.get(name)!)).toEqual(toHalf(trained));
    }
  });
});

describe('refuses', () => {
  const { bytes } = exportModel(artifactsOf(network()));

  it.each([
    [
      'a network of other layers',
      network({ pool: averagePooling2d({ poolSize: 2, name: 'pool' }) }),
      /got MaxPool|MaxPool "pool/,
    ],
    [
      'a network of other shapes',
      network({ filters: 5 }),
      /float32 of shape \[4,1,3,3\].*expected float32 of shape \[5,1,3,3\]/,
    ],
  ])('%s', (_, other, message) => {
    expect(() => importWeights(bytes, layersOf(other))).toThrow(
      expect.objectContaining({ code: 'BAD_MODEL', message: expect.stringMatching(message) }),
    );
  });

  it('weights of int8', async () => {
    const data = Float32Array.from({ length: 5000 }, random(2).uniform);
    const calibration = { image: { shape: [50, ...IMAGE], data } };
    const small = await quantise({ bytes, calibration, open: openOrt });
    expect(() => importWeights(small, layersOf(network()))).toThrow(expect.objectContaining({ code: 'BAD_MODEL' }));
  });

  it('a Normalization, whose mean and variance became a factor and a shift', () => {
    const { inputs, layer } = fc.sample(CASES['Normalization'], { numRuns: 1, seed: 1 })[0];
    const artifacts = artifactsOf(modelOf({ inputs, layer }));
    expect(() => importWeights(exportModel(artifacts).bytes, artifacts)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining('/variance') }),
    );
  });

  it('a normalisation without a factor that went into a convolution', () => {
    const model = network({ scale: false });
    const file = exportModel(artifactsOf(model)).bytes;
    expect(() => importWeights(file, layersOf(model))).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining('folded has no gamma') }),
    );
  });
});
