import { type Jets, jets, makeImages, namedRecipe, random } from '@jetsdk/jets';
import { readCard } from '@jetsdk/onnx';
import * as tf from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { openOrt as open } from '../ort.testing.js';
import { artifactsOf, predict, randomiseWeights } from '../tfjs.testing.js';
import { certifiedExport, certifiedGraph, reducePrecision, withFacts, withPreprocessing } from './certifiedExport.js';
import { newCard } from './newCard.js';

const recipe = namedRecipe('course-30');
const model = tf.sequential();
model.add(tf.layers.conv2d({ inputShape: [30, 30, 1], filters: 2, kernelSize: 3, activation: 'tanh' }));
model.add(tf.layers.flatten());
model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
const stream = random(3);
randomiseWeights(model, () => 0.01 * stream.normal());
const artifacts = artifactsOf(model);

const some: Jets = jets(new Float32Array(60 * 20 * 4), 20);
for (let at = 0; at < some.data.length; at += 4) {
  const [pt, eta, phi] = [50 * stream.uniform(), 0.3 * stream.normal(), 0.3 * stream.normal()];
  some.data.set([pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)], at);
}
const calibration = makeImages(recipe, some);
const [{ data: reference }] = predict(model, [{ shape: [...calibration.shape], data: calibration.data }]);
const facts = { name: 'net', classes: ['QCD', 'top'], recipe };

describe('certifiedExport', () => {
  it('writes a file whose card says what it is and how well it agrees, and nothing that nobody stated', async () => {
    const { bytes, card } = await certifiedExport(artifacts, facts, { calibration, reference, open });
    expect(readCard(bytes)).toEqual(card);
    expect(card).toMatchObject({ name: 'net', task: 'top against QCD jets', signalClass: 'top', recipe });
    expect(card.parity).toMatchObject([{ runtime: 'onnxruntime-node cpu', jets: 60, tolerance: 1e-5 }]);
    for (const key of ['version', 'licence', 'training', 'metrics']) expect(Object.keys(card)).not.toContain(key);
  });

  it('refuses a network that gives something else', async () => {
    const off = reference.map((score) => score + 2e-5);
    const options = { calibration, reference: off, open };
    const refused = { code: 'PARITY_FAILED' };
    await expect(certifiedExport(artifacts, facts, options)).rejects.toMatchObject(refused);
    await expect(certifiedGraph(artifacts, options)).rejects.toMatchObject(refused);
    await expect(certifiedGraph(artifacts, { ...options, tolerance: 1e-4 })).resolves.toMatchObject({
      parity: { tolerance: 1e-4 },
    });
  });

  it('keeps no certificate of weights that were changed afterwards', async () => {
    const whole = await certifiedExport(artifacts, facts, { calibration, reference, open });
    for (const weights of ['float16', 'int8'] as const) {
      const small = await reducePrecision(artifacts, whole, weights, { calibration, open });
      expect(Object.keys(small.card)).not.toContain('parity');
      expect(readCard(small.bytes)).toEqual(small.card);
      expect(small.bytes).not.toEqual(whole.bytes);
    }
  });

  it('puts the recipe into the graph, certified anew on constituents', async () => {
    const whole = await certifiedExport(artifacts, facts, { calibration, reference, open });
    const self = await withPreprocessing(whole, recipe, some, open);
    expect(readCard(self.bytes)).toEqual(self.card);
    expect(self.card.input).toEqual({ kind: 'constituents', name: 'constituents', shape: [20, 4], layout: 'NMC' });
    expect(self.card.parity).toEqual([self.parity]);
    expect(self.parity.jets + self.onEdge).toBe(60);
  });

  it('withFacts sets a fact in the file and beside it', async () => {
    const whole = await certifiedExport(artifacts, facts, { calibration, reference, open });
    const metrics = [{ dataset: 'd', signal: 1, background: 1, auc: 0.9, accuracy: 0.8, rejection: [] }];
    const measured = withFacts(whole, { metrics });
    expect(readCard(measured.bytes)?.metrics).toEqual(metrics);
    expect(measured.card).toEqual({ ...whole.card, metrics });
  });
});

describe('newCard', () => {
  const ports = { inputs: [{ name: 'x', shape: [20, 4] }], outputs: [{ name: 'probabilities', shape: [2] }] };

  it('knows constituents from images, and the kind of the output by its name', () => {
    const card = newCard(ports, { name: 'a', version: '2', licence: 'CC0-1.0' });
    expect(card).toMatchObject({ version: '2', licence: 'CC0-1.0', classes: ['background', 'signal'] });
    expect(card.input).toEqual({ name: 'x', shape: [20, 4], kind: 'constituents', layout: 'NMC' });
    expect(card.output.kind).toBe('probabilities');
  });

  it('refuses several inputs or outputs', () => {
    const two = { ...ports, inputs: [...ports.inputs, ...ports.inputs] };
    expect(() => newCard(two, { name: 'a' })).toThrowError(expect.objectContaining({ code: 'UNSUPPORTED' }));
  });
});
