import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { floatInitializer, int64Initializer } from '../initializer.js';
import { type Graph, ints, type Node } from '../model.js';
import { skimModel } from '../read/decodeModel.js';
import { inferShapes } from './inferShapes.js';

const root = join(import.meta.dirname, '../../../..');
const fixture = JSON.parse(readFileSync(join(root, 'packages/onnx/fixtures/shapes.json'), 'utf8')) as {
  readonly shapes: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
};

describe('inferShapes', () => {
  it.each(Object.entries(fixture.shapes))('finds in %s what onnx.shape_inference finds', (path, expected) => {
    const { graph } = skimModel(readFileSync(join(root, path)));
    const outputs = graph.outputs.map(({ name, type }) => ({ name, type }));
    const found = inferShapes({ ...graph, values: [], outputs });
    for (const [name, shape] of Object.entries(expected)) expect([name, found.get(name)?.shape]).toEqual([name, shape]);
  });

  const node = (opType: string, inputs: string[], attributes: Node['attributes'] = {}): Node => ({
    name: '',
    opType,
    inputs,
    outputs: ['y'],
    attributes,
  });
  const graphOf = (nodes: Node[], change: Partial<Graph> = {}): Graph => ({
    name: 'g',
    inputs: [{ name: 'x', type: 'float32', shape: ['n', 6, 4] }],
    outputs: [],
    values: [],
    initializers: [
      floatInitializer('w', [4, 5], new Float32Array(20)),
      int64Initializer('list', [2, -1]),
      int64Initializer('two', [2]),
      int64Initializer('minus', [-1]),
      int64Initializer('one', [1]),
      int64Initializer('far', [-7]),
    ],
    nodes,
    ...change,
  });
  const shapeOf = (nodes: Node[], change?: Partial<Graph>) => inferShapes(graphOf(nodes, change)).get('y')?.shape;

  it.each<[string, Node, readonly (number | undefined)[]]>([
    ['MatMul', node('MatMul', ['x', 'w']), [1, 6, 5]],
    ['Einsum', node('Einsum', ['x', 'w'], { equation: { type: 'string', value: 'nij,jk->nki' } }), [1, 5, 6]],
    ['Reshape with the rest in one axis', node('Reshape', ['x', 'list']), [2, 12]],
    ['Flatten', node('Flatten', ['x']), [1, 24]],
    ['Transpose without an order', node('Transpose', ['x']), [4, 6, 1]],
    ['Slice to the last but one', node('Slice', ['x', 'one', 'minus', 'one']), [1, 4, 4]],
    ['Slice backwards over all', node('Slice', ['x', 'minus', 'far', 'one', 'minus']), [1, 6, 4]],
    ['Slice backwards to the second', node('Slice', ['x', 'minus', 'one', 'one', 'minus']), [1, 4, 4]],
    ['Unsqueeze', node('Unsqueeze', ['x', 'one']), [1, 1, 6, 4]],
    ['Gather', node('Gather', ['x', 'list'], { axis: { type: 'int', value: 1 } }), [1, 2, 4]],
    ['ReduceMax of all', node('ReduceMax', ['x'], { keepdims: { type: 'int', value: 0 } }), []],
    ['ReduceSum of one axis', node('ReduceSum', ['x', 'two']), [1, 6, 1]],
    ['ArgMax', node('ArgMax', ['x'], { axis: { type: 'int', value: -1 } }), [1, 6, 1]],
    ['Split', node('Split', ['x'], { axis: { type: 'int', value: 1 }, split: ints([2]) }), [1, 2, 4]],
  ])('follows %s', (_, one, expected) => {
    expect(shapeOf([one])).toEqual(expected);
  });

  it('computes a shape that the graph computes', () => {
    const made = (opType: string, inputs: string[], output: string): Node => ({
      ...node(opType, inputs),
      outputs: [output],
    });
    const steps = [
      made('Shape', ['x'], 's'),
      made('Gather', ['s', 'one'], 'length'),
      made('Mul', ['length', 'two'], 'twice'),
      made('Concat', ['one', 'twice', 'minus'], 'wanted'),
      node('Reshape', ['x', 'wanted']),
    ];
    expect(shapeOf(steps)).toEqual([1, 12, 2]);
  });

  it('takes what the file states for an operator of other domains, and goes on from there', () => {
    const other: Node = { ...node('Fused', ['x']), domain: 'com.other', outputs: ['h'] };
    const values = [{ name: 'h', type: 'float32', shape: ['n', 7] } as const];
    expect(shapeOf([other, node('Relu', ['h'])], { values })).toEqual([1, 7]);
    expect(shapeOf([other, node('Relu', ['h'])])).toBeUndefined();
  });

  it('leaves open what only the jets tell', () => {
    const inputs = [{ name: 'x', type: 'float32', shape: ['n', 'constituents', 4] } as const];
    expect(shapeOf([node('MatMul', ['x', 'w'])], { inputs })).toBeUndefined();
  });

  it('gives no larger lists than it is given, however often a list is put behind itself', () => {
    const doubling = Array.from({ length: 60 }, (_, i) => ({
      ...node('Concat', [i === 0 ? 'list' : `c${i - 1}`, i === 0 ? 'list' : `c${i - 1}`]),
      outputs: [`c${i}`],
    }));
    expect(inferShapes(graphOf(doubling)).get('c59')?.numbers).toBeUndefined();
  });
});
