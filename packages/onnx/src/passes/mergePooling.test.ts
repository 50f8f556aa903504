import { loadTagger, openModel } from '@jetsdk/infer';
import { isJetError, random } from '@jetsdk/jets';
import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { maxDifference } from '../../../infer/src/testing/fixtures.testing.js';
import { GRAPH, MODEL } from '../fields.js';
import { floatInitializer, int64Initializer } from '../initializer.js';
import type { Attribute, Initializer, Model, Node } from '../model.js';
import { skimModel } from '../read/decodeModel.js';
import { readFields } from '../wire/reader.js';
import { MessageWriter } from '../wire/writer.js';
import { encodeModel, encodeNode, encodeValueInfo } from '../write/encodeModel.js';
import { patchModel } from '../write/patchModel.js';
import { mergePooling } from './mergePooling.js';

const ints = (...value: number[]): Attribute => ({ type: 'ints', value });
const text = (value: string): Attribute => ({ type: 'string', value });

interface Layer {
  readonly filters: number;
  readonly kernel: readonly [rows: number, columns: number];
  readonly padding: 'VALID' | 'SAME_UPPER' | 'SAME_LOWER' | readonly [number, number, number, number];
  readonly bias: boolean;
  readonly relu: boolean;
}

interface Settings {
  readonly opset: number;
  readonly size: readonly [height: number, width: number];
  readonly channels: number;
  readonly layers: readonly Layer[];
  readonly channelsLast: boolean;
  readonly seed: number;
}

/** Convolutions, each with pooling behind it, and the mean of every channel. */
function model(
  { opset, size, channels, layers, channelsLast, seed }: Settings,
  change = (nodes: Node[]) => nodes,
): Model {
  const { normal } = random(seed);
  const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, normal);
  const nodes: Node[] = [];
  const initializers: Initializer[] = [];
  const add = (opType: string, inputs: string[], output: string, attributes: Node['attributes'] = {}): string => {
    nodes.push({ name: output, opType, inputs, outputs: [output], attributes });
    return output;
  };
  let value = channelsLast ? add('Transpose', ['image'], 'turned', { perm: ints(0, 3, 1, 2) }) : 'image';
  let depth = channels;
  for (const [i, { filters, kernel, padding, bias, relu }] of layers.entries()) {
    const inputs = [value, `kernel_${i}`];
    const dims = [filters, depth, ...kernel];
    initializers.push(floatInitializer(`kernel_${i}`, dims, numbers(filters * depth * kernel[0] * kernel[1])));
    if (bias) {
      initializers.push(floatInitializer(`bias_${i}`, [filters], numbers(filters)));
      inputs.push(`bias_${i}`);
    }
    const pads = typeof padding === 'string' ? { auto_pad: text(padding) } : { pads: ints(...padding) };
    value = add('Conv', inputs, `conv_${i}`, { kernel_shape: ints(...kernel), ...pads });
    if (relu) value = add('Relu', [value], `relu_${i}`);
    value = add('MaxPool', [value], `pool_${i}`, { kernel_shape: ints(2, 2), strides: ints(2, 2) });
    depth = filters;
  }
  add('GlobalAveragePool', [value], 'mean');
  initializers.push(int64Initializer('flat', [0, depth]));
  add('Reshape', ['mean', 'flat'], 'score');
  const shape = channelsLast ? ['batch', ...size, channels] : ['batch', channels, ...size];
  return {
    irVersion: 8,
    opset,
    producerName: 'test',
    producerVersion: '0',
    metadata: {},
    graph: {
      name: 'test',
      inputs: [{ name: 'image', type: 'float32', shape }],
      outputs: [{ name: 'score', type: 'float32', shape: ['batch', depth] }],
      values: [{ name: 'conv_0', type: 'float32' }],
      initializers,
      nodes: change(nodes),
    },
  };
}

async function scoresOf(model: Uint8Array, shape: readonly number[], data: Float32Array): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 4, intraOpNumThreads: 1 });
  const { score } = await session.run({ image: new ort.Tensor('float32', data, shape) });
  await session.release();
  return score!.data as Float32Array;
}

/** undefined where nothing is merged */
const merged = (file: Uint8Array): Uint8Array | undefined => patchModel(file, mergePooling);

const operators = (file: Uint8Array): string[] => skimModel(file).graph.nodes.map(({ opType }) => opType);

const edge = fc.integer({ min: 1, max: 4 });
const pad = fc.integer({ min: 0, max: 2 });
const layer: fc.Arbitrary<Layer> = fc.record({
  filters: fc.integer({ min: 1, max: 8 }),
  kernel: fc.tuple(edge, edge),
  padding: fc.oneof(fc.constantFrom('VALID', 'SAME_UPPER', 'SAME_LOWER'), fc.tuple(pad, pad, pad, pad)) as fc.Arbitrary<
    Layer['padding']
  >,
  bias: fc.boolean(),
  relu: fc.boolean(),
});
const settingsOf = (side: fc.Arbitrary<number>, ...layers: fc.Arbitrary<Layer>[]): fc.Arbitrary<Settings> =>
  fc.record({
    opset: fc.constantFrom(11, 13, 17, 18, 21),
    size: fc.tuple(side, side),
    channels: fc.integer({ min: 1, max: 3 }),
    layers: fc.tuple(...layers),
    channelsLast: fc.boolean(),
    seed: fc.nat(),
  });
/** Large enough for the kernels. */
const settings = fc.oneof(
  settingsOf(fc.integer({ min: 5, max: 12 }), layer),
  settingsOf(fc.integer({ min: 16, max: 21 }), layer, layer),
);
const simple: Settings = {
  opset: 17,
  size: [8, 8],
  channels: 1,
  layers: [{ filters: 8, kernel: [3, 3], padding: 'SAME_UPPER', bias: true, relu: true }],
  channelsLast: false,
  seed: 1,
};

describe('mergePooling', () => {
  test('gives the outputs of the model as it was, within rounding', { timeout: 120_000 }, async () => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(settings, fc.integer({ min: 1, max: 3 }), async (given, jets) => {
        const before = encodeModel(model(given));
        const after = merged(before);
        if (after === undefined) return;
        changed++;
        const { size, channels, channelsLast } = given;
        const shape = channelsLast ? [jets, ...size, channels] : [jets, channels, ...size];
        const { normal } = random(given.seed);
        const data = Float32Array.from({ length: jets * channels * size[0] * size[1] }, normal);
        const wanted = await scoresOf(before, shape, data);
        const got = await scoresOf(after, shape, data);
        const scale = Math.max(1, ...wanted.map(Math.abs));
        for (const [i, value] of wanted.entries()) expect(Math.abs(got[i] - value)).toBeLessThan(1e-5 * scale);
      }),
      { numRuns: 120, seed: 20261122 },
    );
    expect(changed).toBeGreaterThan(80);
  });

  test('makes a convolution of stride 2 and a maximum over channels of each pair: four, or two behind a pooling of rows where there is one channel', () => {
    const two = { ...simple, layers: [simple.layers[0], { ...simple.layers[0], relu: false }] };
    expect(operators(merged(encodeModel(model(two)))!)).toEqual([
      ...['Conv', 'Relu', 'MaxPool', 'Reshape', 'MaxPool', 'Reshape'],
      ...['Conv', 'Reshape', 'MaxPool', 'Reshape'],
      'GlobalAveragePool',
      'Reshape',
    ]);
  });

  test('gives the same bytes on every call, of a Buffer too, and leaves those that it was given', () => {
    const given = encodeModel(model(simple));
    const copy = given.slice();
    expect(merged(given)).toEqual(merged(given));
    expect(merged(Buffer.concat([Buffer.alloc(3), given]).subarray(3))).toEqual(merged(given));
    expect(given).toEqual(copy);
  });

  const changed = (operator: string, attributes: Node['attributes']): Model =>
    model(simple, (nodes) =>
      nodes.map((node) =>
        node.opType === operator ? { ...node, attributes: { ...node.attributes, ...attributes } } : node,
      ),
    );
  const given = model(simple);
  test.each<[what: string, model: Model]>([
    ['more than 8 filters', model({ ...simple, layers: [{ ...simple.layers[0], filters: 9 }] })],
    ['a convolution of stride 2', changed('Conv', { strides: ints(2, 2), auto_pad: text('VALID') })],
    ['a dilated convolution', changed('Conv', { dilations: ints(2, 2) })],
    ['overlapping pooling', changed('MaxPool', { strides: ints(1, 1) })],
    ['pooling of 3×3', changed('MaxPool', { kernel_shape: ints(3, 3) })],
    ['padded pooling', changed('MaxPool', { pads: ints(0, 0, 1, 1) })],
    ['pooling of what is begun', changed('MaxPool', { ceil_mode: { type: 'int', value: 1 } })],
    [
      'an image of any size',
      { ...given, graph: { ...given.graph, inputs: [{ ...given.graph.inputs[0], shape: ['batch', 1, 'h', 'w'] }] } },
    ],
    [
      'a convolution that is used twice',
      model(simple, (nodes) => [
        ...nodes,
        { name: 'again', opType: 'Relu', inputs: ['conv_0'], outputs: ['again'], attributes: {} },
      ]),
    ],
    [
      'a convolution that is an output',
      { ...given, graph: { ...given.graph, outputs: [...given.graph.outputs, { name: 'relu_0', type: 'float32' }] } },
    ],
    [
      'a kernel that an input may replace',
      {
        ...given,
        graph: {
          ...given.graph,
          inputs: [...given.graph.inputs, { name: 'kernel_0', type: 'float32', shape: [8, 1, 3, 3] }],
        },
      },
    ],
  ])('leaves %s as it is', (_, model) => {
    expect(merged(encodeModel(model))).toBeUndefined();
  });

  test('leaves operators of other domains, whose weights may lie in another order', () => {
    const nodes = given.graph.nodes.map((node) => ({ ...node, domain: 'com.microsoft.nchwc' }));
    const other = encodeModel({ ...given, graph: { ...given.graph, nodes } });
    expect(skimModel(other).graph.nodes[0].domain).toBe('com.microsoft.nchwc');
    expect(merged(other)).toBeUndefined();
  });

  test('answers a damaged model with a model or BAD_MODEL, UNSUPPORTED or LIMIT_EXCEEDED', () => {
    const good = encodeModel(model(simple));
    const codes = new Set<string>();
    const attempt = (file: Uint8Array): void => {
      try {
        merged(file);
      } catch (error) {
        if (!isJetError(error)) throw error;
        codes.add(error.code);
      }
    };
    for (let at = 0; at < good.length; at++) {
      const damaged = good.slice();
      damaged[at] = damaged[at] ^ 0xff;
      attempt(damaged);
      attempt(good.subarray(0, at));
    }
    attempt(new TextEncoder().encode('<!doctype html>'));
    expect([...codes].filter((code) => !['BAD_MODEL', 'LIMIT_EXCEEDED', 'UNSUPPORTED'].includes(code))).toEqual([]);
    expect(codes).toContain('BAD_MODEL');
  });

  test('keeps byte for byte what it does not change, also what it does not understand', () => {
    const note = new MessageWriter().string(10, 'a note on the graph').message(99, new MessageWriter().int64(1, 1));
    const unknown = new MessageWriter().string(77, 'of a later version');
    const file = encodeModel(given);
    const noted = new MessageWriter();
    readFields(file, 'ModelProto', 'light', (field) => {
      if (field.number === MODEL.graph) noted.message(MODEL.graph, note.raw(field.bytes()));
      else noted.raw(field.raw());
    });
    const after = merged(noted.raw(unknown.finish()).finish())!;
    const kept = new Set<string>();
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    readFields(after, 'ModelProto', 'light', (field) => {
      kept.add(hex(field.raw()));
      if (field.number === MODEL.graph)
        readFields(field.bytes(), 'GraphProto', 'light', (inner) => void kept.add(hex(inner.raw())));
    });
    expect(kept).toContain(hex(unknown.finish()));
    expect(kept).toContain(hex(new MessageWriter().string(10, 'a note on the graph').finish()));
    expect(kept).toContain(hex(new MessageWriter().message(99, new MessageWriter().int64(1, 1)).finish()));
    const relu = given.graph.nodes.find(({ opType }) => opType === 'Relu')!;
    expect(kept).toContain(hex(new MessageWriter().message(GRAPH.node, encodeNode(relu)).finish()));
    expect(kept).toContain(
      hex(new MessageWriter().message(GRAPH.input, encodeValueInfo(given.graph.inputs[0])).finish()),
    );
  });
});

test('loadTagger scores with the faster form as the bare runtime does with the file', async () => {
  const wide = { ...simple, layers: [{ ...simple.layers[0], filters: 1 }] };
  const file = encodeModel(model(wide));
  expect(merged(file)).toBeDefined();
  const tagger = await loadTagger(file, { device: 'cpu', outputKind: 'score' });
  const { uniform } = random(3);
  const data = Float32Array.from({ length: 100 * 64 }, () => (uniform() < 0.2 ? uniform() : 0));
  const got = await tagger.score({ kind: 'images', shape: [100, 8, 8, 1], data });
  expect(tagger.info.optimisation).toBe('merged-pooling');
  const opened = await openModel(file);
  expect(opened.optimisation).toBe('merged-pooling');
  const { score } = await opened.run({ image: { shape: [100, 1, 8, 8], data } });
  await opened.close();
  expect(maxDifference(score.data, got)).toBe(0);
  const wanted = await scoresOf(file, [100, 1, 8, 8], data);
  await tagger.dispose();
  for (const [jet, value] of wanted.entries()) expect(Math.abs(got[jet] - value)).toBeLessThan(1e-5);
});
