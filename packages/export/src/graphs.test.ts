import * as tf from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRunners } from './compare.testing.js';
import { exportModel } from './exportModel.js';
import { artifactsOf } from './tfjs.testing.js';

const apply = (layer: tf.layers.Layer, ...from: tf.SymbolicTensor[]): tf.SymbolicTensor =>
  layer.apply(from.length === 1 ? from[0] : from) as tf.SymbolicTensor;

const operators = ({ graph }: { graph: { nodes: readonly { opType: string }[] } }): string[] =>
  graph.nodes.map(({ opType }) => opType);

describe('graphs', () => {
  it('exports several inputs and outputs under the names of their layers', async () => {
    const image = tf.input({ shape: [6, 6, 2], name: 'picture' });
    const numbers = tf.input({ shape: [3], name: 'numbers' });
    const features = apply(tf.layers.flatten(), apply(tf.layers.conv2d({ filters: 2, kernelSize: 3 }), image));
    const joined = apply(tf.layers.concatenate(), features, numbers);
    const one = apply(tf.layers.dense({ units: 1, activation: 'sigmoid', name: 'tag' }), joined);
    const two = apply(tf.layers.dense({ units: 2, name: 'mass' }), joined);
    const made = await compareRunners(tf.model({ inputs: [image, numbers], outputs: [one, two] }), 1);
    expect(made.inputs.map(({ name }) => name)).toEqual(['picture', 'numbers']);
    expect(made.outputs.map(({ name }) => name)).toEqual(['tag', 'mass']);
  });

  it('names the single output of a softmax probabilities', async () => {
    const model = tf.sequential();
    model.add(tf.layers.dense({ inputShape: [4], units: 3, activation: 'softmax', name: 'classes' }));
    const { inputs, outputs } = await compareRunners(model, 2);
    expect(outputs[0].name).toBe('probabilities');
    expect(inputs[0].name).toBe('classes_input');
  });

  it('shares the weights of a layer that is called twice', async () => {
    const shared = tf.layers.dense({ units: 4, name: 'shared' });
    const [a, b] = [0, 1].map(() => tf.input({ shape: [4] }));
    const { graph } = await compareRunners(
      tf.model({ inputs: [a, b], outputs: apply(tf.layers.add(), apply(shared, a), apply(shared, apply(shared, b))) }),
      3,
    );
    expect(graph.initializers.map(({ name }) => name).sort()).toEqual(['shared/bias', 'shared/kernel']);
  });

  it('shares layers between inputs of other shapes and numbers', async () => {
    const [large, small] = [8, 6].map((side) => tf.input({ shape: [side, side, 2] }));
    const crop = tf.layers.cropping2D({ cropping: [1, 1] });
    const conv = tf.layers.conv2d({ filters: 2, kernelSize: 3 });
    const pool = tf.layers.globalMaxPooling2d({});
    const [a, b] = [large, small].map((x) => apply(pool, apply(conv, apply(crop, x))));
    const average = tf.layers.average();
    const outputs = [apply(average, a, b), apply(average, a, b, a)];
    await compareRunners(tf.model({ inputs: [large, small], outputs }), 12);
  });

  it('enters nested models, also where one is called twice and layer names repeat', async () => {
    const inner = tf.sequential({ name: 'inner' });
    inner.add(tf.layers.dense({ inputShape: [4], units: 4, name: 'dense', activation: 'tanh' }));
    inner.add(tf.layers.dense({ units: 4, name: 'dense_out' }));
    const x = tf.input({ shape: [4] });
    const first = apply(inner, apply(tf.layers.dense({ units: 4, name: 'dense' }), x));
    const model = tf.model({ inputs: x, outputs: apply(tf.layers.add(), first, apply(inner, x)) });
    await compareRunners(model, 4);
  });

  it('enters nested models with several inputs and outputs', async () => {
    const [a, b] = [0, 1].map((i) => tf.input({ shape: [3], name: `inner_${i}` }));
    const sum = apply(tf.layers.add(), a, b);
    const inner = tf.model({ inputs: [a, b], outputs: [apply(tf.layers.dense({ units: 2 }), sum), sum], name: 'pair' });
    const [c, d] = [0, 1].map((i) => tf.input({ shape: [3], name: `outer_${i}` }));
    const [left, right] = inner.apply([c, d]) as tf.SymbolicTensor[];
    await compareRunners(tf.model({ inputs: [c, d], outputs: apply(tf.layers.concatenate(), left, right) }), 5);
  });

  it('enters a Sequential that begins with a model', async () => {
    const inner = tf.sequential();
    inner.add(tf.layers.conv2d({ inputShape: [5, 5, 1], filters: 2, kernelSize: 3 }));
    const model = tf.sequential();
    model.add(inner);
    model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
    const { inputs, outputs } = await compareRunners(model, 6);
    expect([inputs[0].name, outputs[0].name]).toEqual(['image', 'score']);
  });

  it('exports a frozen model, whose weights come in another order', async () => {
    const inner = tf.sequential();
    inner.add(tf.layers.dense({ inputShape: [4], units: 4 }));
    inner.add(tf.layers.batchNormalization());
    inner.trainable = false;
    const model = tf.sequential();
    model.add(inner);
    model.add(tf.layers.dense({ units: 2 }));
    await compareRunners(model, 7);
  });

  it('exports outputs that are an input, or one another', async () => {
    const x = tf.input({ shape: [4], name: 'x' });
    const y = apply(tf.layers.dense({ units: 2, name: 'y' }), x);
    const z = apply(tf.layers.dropout({ rate: 0.5, name: 'z' }), y);
    const same = apply(tf.layers.dropout({ rate: 0.5, name: 'same' }), x);
    const { outputs } = await compareRunners(tf.model({ inputs: x, outputs: [same, y, z] }), 8);
    expect(outputs.map(({ name }) => name)).toEqual(['same', 'y', 'z']);
  });

  it('takes the lengths that a topology leaves open', async () => {
    const x = tf.input({ shape: [null, 3], name: 'x' });
    const model = tf.model({ inputs: x, outputs: apply(tf.layers.dense({ units: 2 }), x) });
    expect(() => exportModel(artifactsOf(model))).toThrow(/x: shape .* leaves a length open/);
    await compareRunners(model, 9, { inputShapes: { x: [5, 3] } });
  });

  it('writes no Transpose for a one-channel image that ends in global pooling', async () => {
    const model = tf.sequential();
    model.add(tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 3, kernelSize: 3, activation: 'relu' }));
    model.add(tf.layers.batchNormalization());
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
    model.add(tf.layers.conv2d({ filters: 3, kernelSize: 2, activation: 'relu' }));
    model.add(tf.layers.globalAveragePooling2d({}));
    model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
    expect(operators(await compareRunners(model, 10))).not.toContain('Transpose');
  });

  it('transposes a branching image once', async () => {
    const x = tf.input({ shape: [6, 6, 3] });
    const branches = [1, 3, 5].map((kernelSize) =>
      apply(tf.layers.conv2d({ filters: 2, kernelSize, padding: 'same', activation: 'relu' }), x),
    );
    const joined = apply(tf.layers.concatenate(), ...branches);
    const model = tf.model({ inputs: x, outputs: apply(tf.layers.globalMaxPooling2d({}), joined) });
    expect(operators(await compareRunners(model, 11)).filter((op) => op === 'Transpose')).toHaveLength(1);
  });
});

/** A step adds one layer on top of an existing tensor, or joins two of equal shape. */
const steps = fc.array(fc.record({ kind: fc.nat(10), from: fc.nat(20), other: fc.nat(20) }), {
  minLength: 3,
  maxLength: 12,
});

function grow(recipe: readonly { kind: number; from: number; other: number }[], channels: number): tf.LayersModel {
  const x = tf.input({ shape: [6, 5, channels] });
  const made: tf.SymbolicTensor[] = [x];
  for (const { kind, from, other } of recipe) {
    const a = made[from % made.length];
    const image = a.shape.length === 4;
    const partner = made[other % made.length];
    const fits = JSON.stringify(partner.shape) === JSON.stringify(a.shape) && partner !== a;
    const layers: (() => tf.layers.Layer)[] = image
      ? [
          () => tf.layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' }),
          () => tf.layers.depthwiseConv2d({ kernelSize: 2, padding: 'same' }),
          () => tf.layers.maxPooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
          () => tf.layers.batchNormalization(),
          () => tf.layers.flatten(),
          () => tf.layers.dropout({ rate: 0.5 }),
          () => tf.layers.dense({ units: 2, activation: 'tanh' }),
          () => tf.layers.permute({ dims: [2, 1, 3] }),
          () => tf.layers.activation({ activation: 'softmax' }),
          () => tf.layers.globalMaxPooling2d({}),
          () => tf.layers.leakyReLU(),
        ]
      : [
          () => tf.layers.dense({ units: 3, activation: 'relu' }),
          () => tf.layers.batchNormalization(),
          () => tf.layers.activation({ activation: 'sigmoid' }),
        ];
    made.push(
      fits
        ? apply([tf.layers.add(), tf.layers.concatenate(), tf.layers.maximum()][kind % 3], a, partner)
        : apply(layers[kind % layers.length](), a),
    );
  }
  return tf.model({ inputs: x, outputs: made.slice(-2) });
}

describe('random graphs', () => {
  it('of 3 to 12 layers with branches agree on all three runners', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.constantFrom(1, 3), fc.nat(1e6), async (recipe, channels, seed) => {
        await compareRunners(grow(recipe, channels), seed);
      }),
      { numRuns: 25 },
    );
  });
});
