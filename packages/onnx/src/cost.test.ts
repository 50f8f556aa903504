import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCost } from './cost.js';
import { floatInitializer, int64Initializer } from './initializer.js';
import { type Attribute, type Graph, type Initializer, ints, type Node } from './model.js';
import { readOnnxFile } from './onnxFile.js';

const node = (opType: string, inputs: string[], output: string, attributes: Node['attributes'] = {}): Node => ({
  name: output,
  opType,
  inputs,
  outputs: [output],
  attributes,
});

const graphOf = (nodes: Node[], initializers: Initializer[], change: Partial<Graph> = {}): Graph => ({
  name: 'g',
  inputs: [{ name: 'x', type: 'float32', shape: ['n', 3] }],
  outputs: [],
  values: [],
  initializers,
  nodes,
  ...change,
});

const shape = int64Initializer('shape', [1000, 1000, 1000]);
const one = floatInitializer('one', [1], Float32Array.of(1));
const scalar = (name: string, value: number) => int64Initializer(name, [value], []);
const column = floatInitializer('column', [100_000, 1], new Float32Array(100_000));
const row = floatInitializer('row', [1, 100_000], new Float32Array(100_000));

describe('a graph that asks for much memory whatever it is given is refused', () => {
  it.each<[string, Node[], Initializer[]]>([
    ['ConstantOfShape', [node('ConstantOfShape', ['shape'], 'y')], [shape]],
    [
      'of a shape that is computed',
      [node('Mul', ['a', 'a'], 'b'), node('Concat', ['b', 'b'], 'c'), node('ConstantOfShape', ['c'], 'y')],
      [int64Initializer('a', [300])],
    ],
    [
      'of a shape in a node',
      [node('Constant', [], 'c', { value_ints: ints([2 ** 20, 2 ** 20]) }), node('ConstantOfShape', ['c'], 'y')],
      [],
    ],
    ['Expand', [node('Expand', ['one', 'shape'], 'y')], [shape, one]],
    ['Tile', [node('Tile', ['one', 't'], 'y')], [one, int64Initializer('t', [10 ** 9])]],
    ['Range', [node('Range', ['from', 'to', 'step'], 'y')], [scalar('from', 0), scalar('to', 1e10), scalar('step', 1)]],
    ['Pad', [node('Pad', ['x', 'p'], 'y')], [int64Initializer('p', [0, 0, 1e5, 1e5])]],
    ['Resize', [node('Resize', ['x', '', '', 's'], 'y')], [int64Initializer('s', [1, 1e10])]],
    ['a sum of a row and a column', [node('Add', ['row', 'column'], 'y')], [row, column]],
    ['a product of a column and a row', [node('MatMul', ['column', 'row'], 'y')], [row, column]],
    [
      'many that are smaller',
      Array.from({ length: 20 }, (_, i) => node('ConstantOfShape', ['s'], `y${i}`)),
      [int64Initializer('s', [20_000_000])],
    ],
  ])('%s', (_, nodes, initializers) => {
    expect(() => checkCost(graphOf(nodes, initializers))).toThrow(
      expect.objectContaining({
        code: 'LIMIT_EXCEEDED',
        message: expect.stringMatching(/numbers, whatever the model/),
      }),
    );
  });

  it('inside of a graph of a node too', () => {
    const inner = graphOf([node('ConstantOfShape', ['shape'], 'y')], []);
    const branch: Attribute = { type: 'graph', value: inner };
    expect(() => checkCost(graphOf([node('If', ['x'], 'z', { then_branch: branch })], [shape]))).toThrow(
      /an array of 1e\+9|1000000000/,
    );
  });
});

describe('a loop that nothing stops', () => {
  const value = (name: string) => ({ name, type: 'bool' as const, shape: [] });
  const body = (nodes: Node[], change: Partial<Graph> = {}): Attribute => ({
    type: 'graph',
    value: graphOf(nodes, [], { inputs: [value('i'), value('go')], outputs: [value('still')], ...change }),
  });
  const passedOn = [node('Identity', ['go'], 'still')];
  const loop = (trips: string, attribute: Attribute, output = 'y') =>
    node('Loop', [trips, ''], output, { body: attribute });

  it.each<[string, Node]>([
    ['of a large count', loop('many', body(passedOn))],
    ['without a count', loop('', body(passedOn))],
    [
      'of constant truth',
      loop('many', body([node('Constant', [], 'still', { value_int: { type: 'int', value: 1 } })])),
    ],
    ['inside of another', loop('some', body([...passedOn, loop('some', body(passedOn))]))],
  ])('%s is refused', (_, node) => {
    expect(() => checkCost(graphOf([node], [scalar('many', 2 ** 40), scalar('some', 5000)]))).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', message: expect.stringMatching(/rounds that nothing stops/) }),
    );
  });

  it('of few rounds is taken, and one whose condition may stop it', () => {
    const around = [node('Identity', ['q'], 'still'), node('Identity', ['still'], 'q')];
    checkCost(graphOf([loop('many', body(around))], [scalar('many', 2 ** 40)]));
    checkCost(graphOf([loop('some', body(passedOn))], [scalar('some', 5000)]));
    checkCost(graphOf([loop('many', body([node('Less', ['i', 'x'], 'still')]))], [scalar('many', 2 ** 40)]));
  });
});

describe('whether the graph alone tells that a model is modest', () => {
  it('is not so where few nodes read very many values, which takes a runtime minutes to open', () => {
    const sums = (count: number): Node[] =>
      Array.from({ length: count }, (_, i) =>
        node('Sum', ['x', ...Array.from({ length: i }, (_, j) => `s${j}`)], `s${i}`),
      );
    expect(checkCost(graphOf(sums(100), []))).toBe(true);
    expect(checkCost(graphOf(sums(400), []))).toBe(false);
  });

  const folders = ['models', 'packages/infer/fixtures'].map((name) => join(import.meta.dirname, '../../..', name));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.onnx') && !name.startsWith('hostile'))
      .map((name) => join(folder, name)),
  );

  it.each(files.map((file) => [relative(join(import.meta.dirname, '../../..'), file), file]))('%s is', (name, file) => {
    expect(readOnnxFile(readFileSync(file), name).modest).toBe(true);
  });

  const kernel = (side: number) => floatInitializer('w', [1, 1, side, side], new Float32Array(side * side));
  const images = { inputs: [{ name: 'x', type: 'float32' as const, shape: ['n', 1, 40, 40] }] };

  it.each<[string, Node[], Initializer[]]>([
    ['of an operator that is not followed', [node('NonZero', ['x'], 'y')], []],
    ['of another operator set', [{ ...node('Relu', ['x'], 'y'), domain: 'com.example' }], []],
    ['that makes its image large', [node('Conv', ['x', 'w'], 'y', { pads: ints([9e3, 9e3, 9e3, 9e3]) })], [kernel(3)]],
    [
      'of very many multiplications',
      [node('Conv', ['x', 'w'], 'y', { pads: ints([999, 999, 999, 999]) })],
      [kernel(200)],
    ],
    ['of very many nodes', Array.from({ length: 6000 }, (_, i) => node('Relu', ['x'], `y${i}`)), []],
  ])('one %s is not', (_, nodes, initializers) => {
    expect(checkCost(graphOf(nodes, initializers, images))).toBe(false);
  });

  it('shapes that are computed from shapes are followed', () => {
    const nodes = [
      node('Shape', ['x'], 's'),
      node('Slice', ['s', 'first', 'end'], 'tail'),
      node('Concat', ['minus', 'tail'], 'target', { axis: { type: 'int', value: 0 } }),
      node('Reshape', ['x', 'target'], 'y'),
      node('Conv', ['y', 'w'], 'z', { pads: ints([1, 1, 1, 1]) }),
    ];
    const lists = [int64Initializer('first', [1]), int64Initializer('end', [4]), int64Initializer('minus', [-1])];
    expect(checkCost(graphOf(nodes, [...lists, kernel(3)], images))).toBe(true);
  });
});
