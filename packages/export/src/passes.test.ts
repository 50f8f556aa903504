import { random } from '@jetsdk/jets';
import { checkModel, encodeModel, type Graph, optimise, PASSES } from '@jetsdk/onnx';
import { Mirror } from '@jetsdk/train';
import * as tf from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, randomInput } from './compare.testing.js';
import { modelOf } from './exportModel.js';
import { emitGraph } from './graph/emitGraph.js';
import { layerModel } from './layerModel.js';
import { runOrt } from './ort.testing.js';
import { artifactsOf, randomiseWeights } from './tfjs.testing.js';

/** float32 rounding of folded weights, relative to the largest output. */
const FOLDING_TOLERANCE = 5e-6;

function graphOf(layers: readonly tf.layers.Layer[], seed: number): Graph {
  const model = tf.sequential();
  for (const layer of layers) model.add(layer);
  const stream = random(seed);
  randomiseWeights(model, () => stream.normal());
  const graph = emitGraph(layerModel(artifactsOf(model)));
  model.dispose();
  return graph;
}

async function expectSame(before: Graph, after: Graph, seed: number): Promise<void> {
  const feeds = Object.fromEntries(
    before.inputs.map(({ name, shape = [] }) => [name, randomInput(shape.slice(1).map(Number), random(seed))]),
  );
  checkModel(modelOf(after));
  const [expected, got] = [
    await runOrt(encodeModel(modelOf(before)), feeds),
    await runOrt(encodeModel(modelOf(after)), feeds),
  ];
  expect(Object.keys(got)).toEqual(Object.keys(expected));
  for (const name of Object.keys(expected)) expectClose(got[name], expected[name], name, FOLDING_TOLERANCE);
}

const operators = ({ nodes }: Graph): string[] => nodes.map(({ opType }) => opType);

/** Layers in which every pass finds something to do. */
const image = fc.array(
  fc.constantFrom<() => tf.layers.Layer>(
    () => tf.layers.conv2d({ filters: 3, kernelSize: 2, padding: 'same', activation: 'relu' }),
    () => tf.layers.conv2d({ filters: 2, kernelSize: 2, padding: 'same' }),
    () => tf.layers.conv2dTranspose({ filters: 2, kernelSize: 2, padding: 'same' }),
    () => tf.layers.batchNormalization(),
    () => tf.layers.maxPooling2d({ poolSize: 2, padding: 'same', strides: 1 }),
    () => tf.layers.averagePooling2d({ poolSize: 2, padding: 'same', strides: 1 }),
    () => tf.layers.permute({ dims: [2, 1, 3] }),
    () => tf.layers.permute({ dims: [3, 1, 2] }),
    () => tf.layers.dense({ units: 2 }),
  ),
  { maxLength: 5 },
);
const bridge = fc.constantFrom<() => tf.layers.Layer>(
  () => tf.layers.flatten(),
  () => tf.layers.globalAveragePooling2d({}),
  () => tf.layers.globalMaxPooling2d({}),
);
const vector = fc.array(
  fc.constantFrom<() => tf.layers.Layer>(
    () => tf.layers.dense({ units: 3, activation: 'relu' }),
    () => tf.layers.dense({ units: 4 }),
    () => tf.layers.batchNormalization(),
    () => tf.layers.activation({ activation: 'tanh' }),
    () => tf.layers.dropout({ rate: 0.5 }),
  ),
  { maxLength: 4 },
);
const networks = fc
  .tuple(fc.constantFrom(1, 3), image, bridge, vector, fc.nat(1e6))
  .map(([channels, first, between, last, seed]) => ({
    seed,
    make: () => [
      tf.layers.conv2d({ inputShape: [9, 8, channels], filters: 3, kernelSize: 2, activation: 'relu' }),
      ...[...first, between, ...last].map((layer) => layer()),
      tf.layers.dense({ units: 2 }),
    ],
  }));

describe('every pass', () => {
  for (const [name, pass] of Object.entries(PASSES))
    it(`${name} changes no output`, async () => {
      await fc.assert(
        fc.asyncProperty(networks, async ({ make, seed }) => {
          const graph = graphOf(make(), seed);
          let after = graph;
          for (let i = 0; i < 4; i++) after = pass(after);
          await expectSame(graph, after, seed);
        }),
        { numRuns: 10 },
      );
    });

  it('together they change no output, and a second time they change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(networks, async ({ make, seed }) => {
        const graph = graphOf(make(), seed);
        const after = optimise(graph);
        await expectSame(graph, after, seed);
        expect(optimise(after)).toEqual(after);
      }),
      { numRuns: 25 },
    );
  });
});

describe('foldBatchNorm', () => {
  it.each([
    [
      'Conv',
      () => [tf.layers.conv2d({ inputShape: [5, 5, 2], filters: 3, kernelSize: 2 }), tf.layers.batchNormalization()],
    ],
    [
      'ConvTranspose',
      () => [
        tf.layers.conv2dTranspose({ inputShape: [5, 5, 2], filters: 3, kernelSize: 2, useBias: false }),
        tf.layers.batchNormalization(),
      ],
    ],
    ['Gemm', () => [tf.layers.dense({ inputShape: [4], units: 3 }), tf.layers.batchNormalization()]],
  ])('takes a BatchNormalization into the %s before it', async (operator, make) => {
    const graph = graphOf(make(), 1);
    const after = optimise(graph);
    expect(operators(graph)).toContain('BatchNormalization');
    expect(operators(after)).not.toContain('BatchNormalization');
    expect(operators(after)).toContain(operator);
    await expectSame(graph, after, 1);
  });

  it('folds a network that is called several times into one copy of its weights', async () => {
    const member = tf.sequential();
    member.add(tf.layers.conv2d({ inputShape: [5, 4, 1], filters: 3, kernelSize: 2 }));
    member.add(tf.layers.batchNormalization());
    member.add(tf.layers.globalAveragePooling2d({}));
    const image = tf.input({ shape: [5, 4, 1] });
    const calls = [[1], [2], [1, 2]].map((axes) => member.apply(new Mirror({ axes }).apply(image)));
    const outputs = tf.layers.average().apply(calls as tf.SymbolicTensor[]) as tf.SymbolicTensor;
    const model = tf.model({ inputs: image, outputs });
    const stream = random(1);
    randomiseWeights(model, () => stream.normal());
    const graph = emitGraph(layerModel(artifactsOf(model)));
    const after = optimise(graph);
    expect(operators(after)).not.toContain('BatchNormalization');
    expect(after.initializers.filter(({ dims }) => dims.join() === '3,1,2,2')).toHaveLength(1);
    await expectSame(graph, after, 1);
  });

  it('leaves one in front of a Gemm: large shifts that cancel would cost digits', async () => {
    const graph = graphOf(
      [
        tf.layers.dense({ inputShape: [6], units: 4, activation: 'relu' }),
        tf.layers.batchNormalization(),
        tf.layers.dense({ units: 1, activation: 'sigmoid' }),
      ],
      1,
    );
    expect(operators(optimise(graph))).toContain('BatchNormalization');
  });
});

describe('poolFirst', () => {
  const pooled = (norm: tf.layers.Layer): tf.layers.Layer[] => [
    tf.layers.conv2d({ inputShape: [7, 6, 1], filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' }),
    norm,
    tf.layers.maxPooling2d({ poolSize: 2, padding: 'same' }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 1, activation: 'sigmoid' }),
  ];

  it('pools before a BatchNormalization with positive factors', async () => {
    const graph = graphOf(pooled(tf.layers.batchNormalization({ scale: false })), 2);
    const after = optimise(graph);
    expect(operators(after)).toEqual([
      ...['Reshape', 'Conv', 'Relu', 'MaxPool', 'BatchNormalization', 'Reshape', 'Gemm', 'Sigmoid'],
    ]);
    await expectSame(graph, after, 2);
  });

  it('leaves a negative factor in front of max pooling', () => {
    const after = operators(optimise(graphOf(pooled(tf.layers.batchNormalization()), 1)));
    expect(after.indexOf('BatchNormalization')).toBeLessThan(after.indexOf('MaxPool'));
  });

  it('leaves what others read too', () => {
    const graph = graphOf(pooled(tf.layers.batchNormalization({ scale: false })), 2);
    const norm = graph.nodes.find(({ opType }) => opType === 'BatchNormalization')!;
    const read: Graph = { ...graph, outputs: [...graph.outputs, { name: norm.outputs[0], type: 'float32' }] };
    const after = operators(optimise(read));
    expect(after.indexOf('BatchNormalization')).toBeLessThan(after.indexOf('MaxPool'));
  });
});

describe('mergeTransposes', () => {
  it('reorders the rows of a Dense instead of a flattened image', async () => {
    const graph = graphOf(
      [
        tf.layers.conv2d({ inputShape: [6, 5, 1], filters: 3, kernelSize: 2 }),
        tf.layers.flatten(),
        tf.layers.activation({ activation: 'relu' }),
        tf.layers.dense({ units: 4 }),
      ],
      4,
    );
    const after = optimise(graph);
    expect(operators(graph)).toContain('Transpose');
    expect(operators(after)).not.toContain('Transpose');
    await expectSame(graph, after, 4);
  });

  it('reorders rows twice where two Transposes lie before one Dense', async () => {
    const graph = graphOf(
      [
        tf.layers.conv2d({ inputShape: [6, 5, 1], filters: 3, kernelSize: 2 }),
        tf.layers.reshape({ targetShape: [10, 6] }),
        tf.layers.permute({ dims: [2, 1] }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 4 }),
      ],
      4,
    );
    const after = optimise(graph);
    expect(operators(graph).filter((op) => op === 'Transpose')).toHaveLength(2);
    expect(operators(after)).not.toContain('Transpose');
    await expectSame(graph, after, 4);
  });

  it('merges two Transposes into one, or into none', () => {
    const [twice, undone] = [
      [3, 1, 2],
      [2, 3, 1],
    ].map((dims) =>
      graphOf(
        [
          tf.layers.permute({ inputShape: [4, 3, 2], dims: [3, 1, 2] }),
          tf.layers.permute({ dims }),
          tf.layers.reLU({}),
        ],
        5,
      ),
    );
    expect(operators(optimise(twice))).toEqual(['Transpose', 'Relu']);
    expect(operators(optimise(undone))).toEqual(['Relu']);
  });
});

describe('dropIdentities', () => {
  it('keeps one of two Reshapes in a row, and none that keeps the shape', () => {
    const graph = graphOf(
      [
        tf.layers.reshape({ inputShape: [4, 3], targetShape: [3, 4] }),
        tf.layers.reshape({ targetShape: [2, 6] }),
        tf.layers.reshape({ targetShape: [2, 6] }),
        tf.layers.reLU({}),
      ],
      6,
    );
    expect(operators(optimise(graph))).toEqual(['Reshape', 'Relu']);
  });
});

describe('foldConstants', () => {
  it('computes what depends on constants alone', async () => {
    const graph = graphOf([tf.layers.dense({ inputShape: [3], units: 2, useBias: false })], 7);
    const [kernel] = graph.initializers;
    const step = (opType: string, inputs: string[], name: string): Graph['nodes'][number] => ({
      name,
      opType,
      inputs,
      outputs: [name],
      attributes: {},
    });
    const before: Graph = {
      ...graph,
      nodes: [
        step('Mul', [kernel.name, kernel.name], 'squared'),
        step('Sub', ['squared', kernel.name], 'less'),
        { ...graph.nodes[0], inputs: [graph.nodes[0].inputs[0], 'less'] },
      ],
    };
    const after = optimise(before);
    expect(operators(after)).toEqual(['Gemm']);
    await expectSame(before, after, 7);
  });
});

describe('dropDeadCode', () => {
  it('removes what no output needs', () => {
    const graph = graphOf([tf.layers.dense({ inputShape: [3], units: 2 })], 8);
    const dead = { ...graph.nodes[0], name: 'dead', outputs: ['dead'] };
    const spare = { ...graph.initializers[0], name: 'spare' };
    const before = { ...graph, nodes: [...graph.nodes, dead], initializers: [...graph.initializers, spare] };
    expect(PASSES.dropDeadCode(before)).toEqual(graph);
  });
});
