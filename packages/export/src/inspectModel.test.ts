import { type ModelCard, random, SDK_VERSION, sha256Hex } from '@jetsdk/jets';
import { CARD_KEY, decodeModel, encodeModel, floatInitializer, type Model, readCard, withCard } from '@jetsdk/onnx';
import * as tf from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { exportModel, inspectModel, parseCard } from './index.js';
import { artifactsOf, randomiseWeights } from './tfjs.testing.js';

const CARD: ModelCard = {
  format: 'jetsdk-card/1',
  name: 'small',
  version: '1',
  task: 'top tagging',
  classes: ['qcd', 'top'],
  signalClass: 'top',
  input: { kind: 'images', name: 'image', shape: [4, 4, 1], layout: 'NHWC' },
  output: { name: 'score', kind: 'score' },
  sdkVersion: SDK_VERSION,
  licence: 'MIT',
};

const { bytes } = (() => {
  const model = tf.sequential();
  model.add(tf.layers.conv2d({ inputShape: [4, 4, 1], filters: 2, kernelSize: 3, activation: 'relu', name: 'conv' }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 1, activation: 'sigmoid', name: 'tag' }));
  randomiseWeights(model, () => random(1).normal());
  return exportModel(artifactsOf(model), { card: CARD });
})();

describe('inspectModel', () => {
  it('counts operators, parameters, operations and memory by hand', () => {
    const found = inspectModel(bytes);
    expect(found.graph).toMatchObject({ irVersion: 8, opset: 17, producer: `jetsdk ${SDK_VERSION}`, nodes: 6 });
    expect(found.inputs).toEqual([{ name: 'image', type: 'float32', shape: ['n', 4, 4, 1] }]);
    expect(found.outputs).toEqual([{ name: 'score', type: 'float32', shape: ['n', 1] }]);
    expect(found.operators).toEqual({ Reshape: 2, Conv: 1, Gemm: 1, Relu: 1, Sigmoid: 1 });
    expect(found.parameters).toBe(9 * 2 + 2 + 8 + 1);
    // Conv: 2·2·2 outputs of 9 products; Relu: 8; Gemm: 8 products; Sigmoid: 1.
    expect(found.flops).toBe(2 * 9 * 8 + 8 + 2 * 8 + 1);
    // The image and its reshaped copy.
    expect(found.activationBytes).toBe(4 * (16 + 16));
    expect(found.card).toEqual(CARD);
    expect(found.hashes.file).toBe(sha256Hex(bytes));
  });

  it('gives hashes of weights and graph that do not depend on the card', () => {
    const [one, other] = [bytes, withCard(bytes, { ...CARD, notes: 'another' })].map(
      (file) => inspectModel(file).hashes,
    );
    expect(one.weights).toBe(other.weights);
    expect(one.graph).toBe(other.graph);
    expect(one.file).not.toBe(other.file);
  });

  it('counts the same where the file does not state the shapes inside', () => {
    const model = decodeModel(bytes);
    const found = inspectModel(encodeModel({ ...model, graph: { ...model.graph, values: [] } }));
    const { flops, flopsByOperator, activationBytes } = inspectModel(bytes);
    expect(found).toMatchObject({ flops, flopsByOperator, activationBytes });
    expect(flopsByOperator).toEqual({ Conv: 2 * 9 * 8, Relu: 8, Gemm: 2 * 8, Sigmoid: 1 });
  });

  it('leaves undefined what only other runtimes know', () => {
    const model = decodeModel(bytes);
    const nodes = model.graph.nodes.map((node) => (node.opType === 'Relu' ? { ...node, domain: 'com.other' } : node));
    const found = inspectModel(encodeModel({ ...model, graph: { ...model.graph, values: [], nodes } }));
    expect([found.flops, found.activationBytes]).toEqual([undefined, undefined]);
  });
});

describe('a model from elsewhere', () => {
  const weight = floatInitializer('w', [2, 3], new Float32Array(6));
  const foreign = (change: Partial<Model>, graph: Partial<Model['graph']> = {}): Uint8Array =>
    encodeModel({
      irVersion: 3,
      opset: 13,
      producerName: 'other',
      producerVersion: '',
      metadata: {},
      ...change,
      graph: {
        name: 'g',
        inputs: [{ name: 'x', type: 'float32', shape: ['', 2] }],
        outputs: [{ name: 'y', type: 'float32', shape: ['', 3] }],
        values: [],
        initializers: [weight],
        nodes: [
          { name: 'm', opType: 'MatMul', inputs: ['x', 'w'], outputs: ['h'], attributes: {} },
          { name: 'r', opType: 'Relu', inputs: ['h'], outputs: ['y'], attributes: {} },
        ],
        ...graph,
      },
    });

  it('with another operator set is described', () => {
    const { graph, parameters } = inspectModel(foreign({ otherOpsets: { 'ai.onnx.ml': 3 } }));
    expect(graph).toMatchObject({ opset: 13, otherOpsets: { 'ai.onnx.ml': 3 } });
    expect(parameters).toBe(6);
  });

  it('counts operators of other domains by their full name', () => {
    const nodes = [{ name: 'f', opType: 'Fused', domain: 'com.other', inputs: ['x'], outputs: ['y'], attributes: {} }];
    expect(inspectModel(foreign({}, { nodes })).operators).toEqual({ 'com.other.Fused': 1 });
  });

  it('takes no constant for an input, as files of IR version 3 list them', () => {
    const inputs = [
      { name: 'w', type: 'float32', shape: [2, 3] } as const,
      { name: 'x', type: 'float32', shape: ['', 2] } as const,
    ];
    expect(inspectModel(foreign({}, { inputs })).inputs.map(({ name }) => name)).toEqual(['x']);
  });
});

describe('the card in the file', () => {
  it('is written in one spelling, whatever the order of its keys', () => {
    const turned = parseCard(Object.fromEntries(Object.entries(CARD).reverse()));
    expect(Buffer.compare(withCard(bytes, turned), withCard(bytes, CARD))).toBe(0);
  });

  it.each<[string, object, RegExp]>([
    ['a missing key', { name: undefined }, /card.name: got undefined; expected a text/],
    ['another format', { format: 'x' }, /card.format: got "x"; expected jetsdk-card\/1/],
    ['a list of the wrong things', { classes: ['a', 2] }, /card.classes\[1\]: got 2/],
    ['a metric that is no number', { metrics: [{ dataset: 'd', signal: 1, background: 1, auc: null }] }, /auc/],
    [
      'a recipe that is none',
      { recipe: { format: 'jetsdk-recipe/1', name: 'r', steps: [{ step: 'x' }] } },
      /recipe step 1/,
    ],
    ['another input', { input: { ...CARD.input, name: 'x' } }, /input x of shape \[4,4,1\]; expected image/],
    ['another input shape', { input: { ...CARD.input, shape: [5, 5, 1] } }, /expected image of shape \[4,4,1\]/],
    ['another output', { output: { ...CARD.output, name: 'x' } }, /output x; expected score/],
  ])('is refused with %s', (_, change, message) => {
    expect(() => withCard(bytes, { ...CARD, ...change })).toThrow(message);
  });

  it('is refused when a stranger wrote something else under its key', () => {
    const model = decodeModel(bytes);
    for (const text of ['{', '[]', '{"format":"jetsdk-card/1"}'])
      expect(() => readCard(encodeModel({ ...model, metadata: { [CARD_KEY]: text } }))).toThrow(
        /ONNX file: model card.*; export the model again/,
      );
  });
});
