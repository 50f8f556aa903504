import { isJetError, random } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { floatInitializer } from '../initializer.js';
import type { Graph, Initializer, Model } from '../model.js';
import { MessageWriter } from '../wire/writer.js';
import { encodeModel } from '../write/encodeModel.js';
import { decodeModel } from './decodeModel.js';

const model: Model = {
  irVersion: 8,
  opset: 17,
  producerName: 'jetsdk',
  producerVersion: '0.1.0',
  metadata: {},
  graph: {
    name: 'sequential',
    inputs: [{ name: 'd_input', type: 'float32', shape: ['n', 2] }],
    outputs: [{ name: 'score', type: 'float32', shape: ['n', 1] }],
    values: [{ name: 'd/Gemm', type: 'float32', shape: ['n', 1] }],
    initializers: [
      floatInitializer('d/kernel', [2, 1], Float32Array.of(0.5, -1.25)),
      floatInitializer('d/bias', [1], Float32Array.of(0.125)),
    ],
    nodes: [
      {
        name: 'd/Gemm',
        opType: 'Gemm',
        inputs: ['d_input', 'd/kernel', 'd/bias'],
        outputs: ['d/Gemm'],
        attributes: {},
      },
      { name: 'd/Sigmoid', opType: 'Sigmoid', inputs: ['d/Gemm'], outputs: ['score'], attributes: {} },
    ],
  },
};
const bytes = encodeModel(model);

/** What decoding gives: a model that survives another round, or the code of a JetError; anything else is thrown. */
function outcome(file: Uint8Array): string {
  const started = performance.now();
  try {
    const written = encodeModel(decodeModel(file));
    if (Buffer.compare(encodeModel(decodeModel(written)), written) !== 0)
      throw new Error('another round, another model');
    return 'model';
  } catch (error) {
    if (!isJetError(error) || !['BAD_MODEL', 'UNSUPPORTED', 'LIMIT_EXCEEDED'].includes(error.code)) throw error;
    return error.code;
  } finally {
    if (performance.now() - started > 2000) expect.fail('more than two seconds for one file');
  }
}

function withGraph(change: Partial<Graph>): Uint8Array {
  return encodeModel({ ...model, graph: { ...model.graph, ...change } });
}

/** A file of one constant, given as the bytes of its TensorProto. */
function withTensor(tensor: MessageWriter): Uint8Array {
  const shape = new MessageWriter().message(1, new MessageWriter().int64(1, 1));
  const type = new MessageWriter().message(1, new MessageWriter().int64(1, 1).message(2, shape));
  const output = new MessageWriter().string(1, 'c').message(2, type);
  return new MessageWriter()
    .int64(1, 8)
    .message(7, new MessageWriter().message(5, tensor).message(12, output))
    .message(8, new MessageWriter().int64(2, 17))
    .finish();
}

const constant = (): MessageWriter => new MessageWriter().string(8, 'c').int64(2, 1);

describe('decodeModel', () => {
  it('reads back what was written, and writes the same bytes again', () => {
    expect(Buffer.compare(encodeModel(decodeModel(bytes)), bytes)).toBe(0);
    expect(decodeModel(bytes)).toEqual(model);
  });

  it('reads integers beyond 32 bits, negative ones and all kinds of attributes', () => {
    const [gemm, ...rest] = model.graph.nodes;
    const attributes: Graph['nodes'][number]['attributes'] = {
      a: { type: 'int', value: -1 },
      b: { type: 'int', value: 2 ** 40 },
      c: { type: 'ints', value: [0, -5, 2 ** 52, -(2 ** 52)] },
      d: { type: 'floats', value: [0.5, -1] },
      e: { type: 'strings', value: ['', 'φ'] },
      f: { type: 'tensor', value: tensor('t') },
      g: { type: 'float', value: Number.NEGATIVE_INFINITY },
      h: { type: 'string', value: 'η' },
    };
    const read = decodeModel(withGraph({ nodes: [{ ...gemm, attributes }, ...rest] }));
    expect(read.graph.nodes[0].attributes).toEqual(attributes);
  });

  it('meets every single-byte corruption with a model or a JetError', () => {
    const seen = new Map<string, number>();
    const file = bytes.slice();
    for (let at = 0; at < file.length; at++) {
      const old = file[at];
      for (let value = 0; value < 256; value++) {
        if (value === old) continue;
        file[at] = value;
        const got = outcome(file);
        seen.set(got, (seen.get(got) ?? 0) + 1);
      }
      file[at] = old;
    }
    expect(seen.get('model')).toBeGreaterThan(0);
    expect(seen.get('BAD_MODEL')).toBeGreaterThan(0);
    expect(seen.get('UNSUPPORTED')).toBeGreaterThan(0);
  });

  it('meets a thousand random corruptions, random files and every truncation likewise', () => {
    const stream = random(20);
    for (let i = 0; i < 1000; i++) {
      const file = bytes.slice();
      for (let n = 2 + stream.integer(20); n > 0; n--) file[stream.integer(file.length)] = stream.integer(256);
      outcome(file);
      outcome(Uint8Array.from({ length: stream.integer(200) }, () => stream.integer(256)));
    }
    for (let length = 0; length < bytes.length; length++) expect(outcome(bytes.subarray(0, length))).not.toBe('model');
  });

  it('reads constants in typed fields as in raw ones', () => {
    const raw = decodeModel(
      withTensor(
        constant()
          .int64s(1, [2])
          .bytes(9, new Uint8Array(Float32Array.of(1, -2).buffer)),
      ),
    );
    const typed = decodeModel(withTensor(constant().int64s(1, [2]).floats(4, [1, -2])));
    expect([...typed.graph.initializers[0].data]).toEqual([...raw.graph.initializers[0].data]);
    const int8 = new MessageWriter().string(8, 'c').int64(2, 3).int64s(1, [3]).int64s(5, [1, -1, -128]);
    expect([...decodeModel(withTensor(int8)).graph.initializers[0].data]).toEqual([1, 255, 128]);
  });
});

const tensor = (name: string): Initializer => ({ name, type: 'float32', dims: [1], data: new Uint8Array(4) });
const relu = (name: string, input: string, output: string): Graph['nodes'][number] => ({
  name,
  opType: 'Relu',
  inputs: [input],
  outputs: [output],
  attributes: {},
});
const edit = (change: Partial<Model>): Uint8Array => encodeModel({ ...model, ...change });

describe('decodeModel refuses', () => {
  it.each<[string, () => Uint8Array, RegExp]>([
    ['no bytes', () => new Uint8Array(0), /0 bytes; expected a model/],
    [
      'a constant shorter than its shape',
      () => withTensor(constant().int64s(1, [2]).bytes(9, new Uint8Array(7))),
      /7 bytes for shape \[2\] of float32; expected 8/,
    ],
    [
      'a constant longer than its shape',
      () => withTensor(constant().int64s(1, [2]).bytes(9, new Uint8Array(9))),
      /9 bytes for shape \[2\] of float32; expected 8/,
    ],
    ['a negative length', () => withTensor(constant().int64s(1, [-1])), /shape \[-1\]; expected no negative length/],
    [
      'lengths whose product overflows',
      () => withTensor(constant().int64s(1, [2 ** 40, 2 ** 40])),
      /bytes of constants; expected at most 2147483647/,
    ],
    [
      'a length beyond 2^53',
      () => withTensor(constant().int64s(1, [2 ** 60])),
      /integer 1152921504606847000; expected at most 2\^53/,
    ],
    [
      'a constant of many axes',
      () => withTensor(constant().int64s(1, new Array(65).fill(1))),
      /65 axes; expected at most 64/,
    ],
    [
      'data in two fields',
      () => withTensor(constant().int64s(1, [1]).floats(4, [1]).bytes(9, new Uint8Array(4))),
      /data in two fields/,
    ],
    [
      'data in the field of another type',
      () => withTensor(constant().int64s(1, [1]).int64s(7, [1])),
      /float32 data in field 7/,
    ],
    [
      'a number outside its type',
      () => withTensor(new MessageWriter().string(8, 'c').int64(2, 3).int64s(1, [1]).int64s(5, [128])),
      /128 in a tensor of int8/,
    ],
    [
      'external data',
      () => withTensor(constant().message(13, new MessageWriter().string(1, 'location').string(2, '/etc/passwd'))),
      /external data is not supported/,
    ],
    ['an external location', () => withTensor(constant().int64(14, 1)), /external data is not supported/],
    ['an unknown element type', () => withTensor(new MessageWriter().string(8, 'c').int64(2, 99)), /element type 99/],
    ['an unknown field', () => new MessageWriter().int64(99, 1).finish(), /field number 99/],
    ['a field given twice', () => new MessageWriter().int64(1, 8).int64(1, 8).finish(), /field given twice/],
    ['a field of the wrong wire type', () => new MessageWriter().string(1, 'x').finish(), /wire type 2; expected 0/],
    ['a text that is not UTF-8', () => new MessageWriter().bytes(2, Uint8Array.of(255)).finish(), /not UTF-8/],
    ['no graph', () => new MessageWriter().int64(1, 8).finish(), /no graph/],
    [
      'an operator of another domain',
      () => withGraph({ nodes: [{ ...model.graph.nodes[0], domain: 'com.evil' }, model.graph.nodes[1]] }),
      /domain "com.evil"/,
    ],
    [
      'subgraphs, however deep',
      () => {
        let attribute = new MessageWriter().string(1, 'a').int64(20, 5);
        for (let depth = 0; depth < 2000; depth++) {
          const node = new MessageWriter().string(4, 'If').message(5, attribute);
          attribute = new MessageWriter().string(1, 'a').message(6, new MessageWriter().message(1, node)).int64(20, 5);
        }
        return new MessageWriter()
          .message(7, new MessageWriter().message(1, new MessageWriter().message(5, attribute)))
          .finish();
      },
      /subgraphs \(If, Loop, Scan\) are not supported/,
    ],
    [
      'model-local functions',
      () => new MessageWriter().bytes(25, new Uint8Array(0)).finish(),
      /functions are not supported/,
    ],
    ['an operator set version out of range', () => edit({ opset: 99 }), /operator set version 99; expected 7 to 26/],
    ['an IR version out of range', () => edit({ irVersion: -1 }), /IR version -1/],
    [
      'a cycle',
      () => withGraph({ nodes: [relu('a', 'y', 'x'), relu('b', 'x', 'y')] }),
      /node "a" \(Relu\) reads "y", which nothing makes before it/,
    ],
    ['a missing input', () => withGraph({ nodes: [relu('a', 'gone', 'score')] }), /reads "gone"/],
    [
      'a value made twice',
      () => withGraph({ nodes: [...model.graph.nodes, relu('a', 'score', 'score')] }),
      /"score" is made twice/,
    ],
    [
      'two constants of one name',
      () => withGraph({ initializers: [tensor('d/kernel'), tensor('d/kernel')] }),
      /"d\/kernel" is made twice/,
    ],
    ['an output nothing makes', () => withGraph({ nodes: [] }), /output "score" is made by nothing/],
    ['no output', () => withGraph({ outputs: [] }), /no output/],
    [
      'an input without a shape',
      () => withGraph({ inputs: [{ name: 'd_input', type: 'float32' }] }),
      /"d_input" has no shape/,
    ],
    [
      'a type note on nothing',
      () => withGraph({ values: [{ name: 'ghost', type: 'float32' }] }),
      /"ghost", which nothing makes/,
    ],
    [
      'a node without an operator',
      () => withGraph({ nodes: [{ ...relu('a', 'd_input', 'score'), opType: '' }] }),
      /no operator/,
    ],
    [
      'a node without an output',
      () => withGraph({ nodes: [{ ...model.graph.nodes[0], outputs: [] }] }),
      /has no output/,
    ],
    [
      'an output given twice',
      () => withGraph({ outputs: [model.graph.outputs[0], model.graph.outputs[0]] }),
      /given twice/,
    ],
  ])('%s', (_, make, message) => {
    expect(() => decodeModel(make())).toThrow(message);
  });

  it('files beyond its limits', () => {
    expect(() => decodeModel(bytes, { bytes: 10 })).toThrow(`${bytes.length} bytes; expected at most 10`);
    expect(() => decodeModel(bytes, { nodes: 1 })).toThrow('2 nodes; expected at most 1');
    expect(() => decodeModel(bytes, { tensors: 1 })).toThrow('2 tensors; expected at most 1');
    expect(() => decodeModel(bytes, { tensorBytes: 7 })).toThrow(/expected at most 7/);
  });

  it('a million-number list that no shape asks for, without keeping more than its limit', () => {
    const many = new Array<number>(2 ** 20).fill(1);
    expect(() => decodeModel(withTensor(constant().int64s(1, many)))).toThrow(/axes; expected at most 64/);
  });

  it('what modelOf made of a graph that cannot run', () => {
    expect(() => decodeModel(encodeModel({ ...model, graph: { ...model.graph, inputs: [] } }))).toThrow(
      /reads "d_input"/,
    );
  });
});
