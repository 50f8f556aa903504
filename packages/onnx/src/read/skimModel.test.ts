import { isJetError } from '@jetsdk/jets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { int64Initializer, int64sOf } from '../initializer.js';
import type { Graph, Model, Node } from '../model.js';
import { MessageWriter } from '../wire/writer.js';
import { encodeModel } from '../write/encodeModel.js';
import { decodeModel, skimModel } from './decodeModel.js';
import { valuesRead } from './order.js';

const node = (opType: string, inputs: string[], outputs: string[]): Node => ({
  name: outputs[0],
  opType,
  inputs,
  outputs,
  attributes: {},
});

const chain: Node[] = [
  node('Relu', ['x'], ['a']),
  node('Abs', ['a'], ['b']),
  node('Add', ['a', 'b'], ['c']),
  node('Neg', ['c'], ['y']),
];

function modelOf(change: Partial<Graph> = {}): Model {
  return {
    irVersion: 8,
    opset: 17,
    producerName: 'test',
    producerVersion: '0',
    metadata: {},
    graph: {
      name: 'g',
      inputs: [{ name: 'x', type: 'float32', shape: ['n', 2] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['n', 2] }],
      values: [],
      initializers: [],
      nodes: chain,
      ...change,
    },
  };
}

/** A file of the fields of a graph. */
const fileOf = (graph: MessageWriter): Uint8Array => new MessageWriter().int64(1, 8).message(7, graph).finish();

describe('skimModel', () => {
  it('reads what decodeModel reads', () => {
    const bytes = encodeModel(modelOf({ initializers: [int64Initializer('k', [1, -2])] }));
    expect(skimModel(bytes)).toEqual(decodeModel(bytes));
  });

  it.each([
    ['sequence', 4],
    ['map', 5],
    ['sparse tensor', 8],
    ['optional', 9],
  ])('says that a value is a %s', (container, field) => {
    const type = new MessageWriter().message(field, new MessageWriter());
    const output = new MessageWriter().string(1, 'y').message(2, type);
    expect(skimModel(fileOf(new MessageWriter().message(12, output))).graph.outputs).toEqual([
      { name: 'y', type: 'unknown', container },
    ]);
  });

  it('takes lengths below 0 for lengths without a name, and whole numbers of 64 bits rounded', () => {
    const dim = (length: number) => new MessageWriter().int64(1, length);
    const shape = new MessageWriter().message(1, dim(-1)).message(1, dim(3)).message(1, new MessageWriter());
    const type = new MessageWriter().message(1, new MessageWriter().int64(1, 1).message(2, shape));
    const largest = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 127);
    const ends = new MessageWriter()
      .string(1, 'ends')
      .int64(20, 7)
      .bytes(8, largest)
      .int64s(8, [-(2 ** 63)]);
    const slice = new MessageWriter().string(4, 'Slice').string(2, 'y').message(5, ends);
    const graph = new MessageWriter()
      .message(1, slice)
      .message(11, new MessageWriter().string(1, 'x').message(2, type));
    const { inputs, nodes } = skimModel(fileOf(graph)).graph;
    expect(inputs).toEqual([{ name: 'x', type: 'float32', shape: ['', 3, ''] }]);
    expect(nodes[0].attributes['ends']).toEqual({ type: 'ints', value: [2 ** 63, -(2 ** 63)] });
  });

  it('reads int64 constants exactly, in typed fields too', () => {
    const typed = new MessageWriter()
      .string(8, 'k')
      .int64(2, 7)
      .int64(1, 3)
      .int64s(7, [-1, 2 ** 52 + 1, -(2 ** 52) - 1]);
    const [constant] = skimModel(fileOf(new MessageWriter().message(5, typed))).graph.initializers;
    expect(int64sOf(constant)).toEqual([-1, 2 ** 52 + 1, -(2 ** 52) - 1]);
  });

  it('reads constants when they are asked for, and says then what is wrong with them', () => {
    const short = new MessageWriter().string(8, 'k').int64(2, 1).int64(1, 3).bytes(9, new Uint8Array(8));
    const [constant] = skimModel(fileOf(new MessageWriter().message(5, short))).graph.initializers;
    expect(constant.dims).toEqual([3]);
    expect(() => constant.data).toThrow(/8 bytes for shape \[3\] of float32; expected 12/);
  });

  it('keeps other domains, operator sets and graphs inside of nodes', () => {
    const inner = new MessageWriter().message(1, new MessageWriter().string(4, 'Relu').string(1, 'x').string(2, 'r'));
    const branch = new MessageWriter().string(1, 'then_branch').int64(20, 5).message(6, inner);
    const graph = new MessageWriter()
      .message(1, new MessageWriter().string(4, 'If').string(7, 'com.other').string(2, 'y').message(5, branch))
      .message(1, new MessageWriter().string(4, 'If').string(7, 'ai.onnx').string(2, 'z'));
    const file = new MessageWriter()
      .message(7, graph)
      .message(8, new MessageWriter().int64(2, 17))
      .message(8, new MessageWriter().string(1, 'com.other').int64(2, 3));
    const { opset, otherOpsets, graph: read } = skimModel(file.finish());
    expect([opset, otherOpsets]).toEqual([17, { 'com.other': 3 }]);
    expect(read.nodes.map(({ domain }) => domain)).toEqual(['com.other', undefined]);
    expect(read.nodes[0].attributes['then_branch']).toMatchObject({
      type: 'graph',
      value: { nodes: [{ opType: 'Relu' }] },
    });
    expect(() => encodeModel({ ...modelOf(), graph: read })).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  });

  it('refuses graphs inside of graphs without end, in time', () => {
    let graph = new MessageWriter();
    for (let level = 0; level < 5000; level++) {
      const attribute = new MessageWriter().string(1, 'a').int64(20, 5).message(6, graph);
      graph = new MessageWriter().message(1, new MessageWriter().string(4, 'If').message(5, attribute));
    }
    expect(() => skimModel(fileOf(graph))).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });

  it('answers any bytes with a model or a JetError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          skimModel(bytes);
        } catch (error) {
          if (!isJetError(error)) throw error;
        }
      }),
    );
  });
});

describe('nodes', () => {
  it('come in an order in which they can run, as they are where that is one', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(chain, { minLength: chain.length }), (nodes) => {
        for (const read of [skimModel, decodeModel]) {
          const made = new Set(['x']);
          for (const one of read(encodeModel(modelOf({ nodes }))).graph.nodes) {
            for (const value of valuesRead(one)) expect(made).toContain(value);
            for (const value of one.outputs) made.add(value);
          }
        }
      }),
    );
    expect(skimModel(encodeModel(modelOf())).graph.nodes).toEqual(chain);
  });

  it('that wait for each other come last, and are refused where the model is to be rewritten', () => {
    const nodes = [node('Add', ['x', 'q'], ['p']), node('Relu', ['p'], ['q']), ...chain];
    const bytes = encodeModel(modelOf({ nodes }));
    expect(skimModel(bytes).graph.nodes.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'y', 'p', 'q']);
    expect(() => decodeModel(bytes)).toThrow(/node "p" \(Add\) reads "q", which nothing makes before it/);
  });

  it('of a hundred thousand come in order within a second', () => {
    const nodes = Array.from({ length: 100_000 }, (_, i) => node('Relu', [i === 0 ? 'x' : `v${i - 1}`], [`v${i}`]));
    const bytes = encodeModel(modelOf({ nodes: [...nodes].reverse() }));
    expect(skimModel(bytes).graph.nodes.map(({ name }) => name)).toEqual(nodes.map(({ name }) => name));
  });
});
