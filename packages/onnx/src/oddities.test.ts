import { expect, it } from 'vitest';
import { floatInitializer } from './initializer.js';
import type { Graph, Node } from './model.js';
import { odditiesOf } from './oddities.js';

const node = (inputs: string[], output: string, attributes: Node['attributes'] = {}, opType = 'Sum'): Node => ({
  name: output,
  opType,
  inputs,
  outputs: [output],
  attributes,
});
const constants = (...names: string[]) => names.map((name) => floatInitializer(name, [1], new Float32Array(1)));
const value = (name: string) => ({ name, type: 'float32' as const, shape: ['n', 1] });
const graphOf = (nodes: Node[], initializers: string[], change: Partial<Graph> = {}): Graph => ({
  name: 'g',
  inputs: [value('x')],
  outputs: [value('y')],
  values: [],
  initializers: constants(...initializers),
  nodes,
  ...change,
});
const model = (graph: Graph, opset = 17, irVersion = 8) => odditiesOf({ graph, opset, irVersion });

it('a model without anything odd has none', () => {
  expect(model(graphOf([node(['x', 'w'], 'y')], ['w']))).toEqual([]);
  expect(model(graphOf([node(['x'], 'z')], ['y']))).toEqual([]);
});

it('initialisers that no node uses are counted, those of graphs inside too', () => {
  expect(model(graphOf([node(['x', 'w'], 'y')], ['w', 'a', 'b']))).toEqual(['2 initialisers that no node uses']);
  const inside = graphOf([node(['outer', 'own'], 'r')], ['own', 'spare'], { inputs: [], outputs: [value('r')] });
  const nodes = [node(['x'], 'y', { body: { type: 'graph', value: inside } })];
  expect(model(graphOf(nodes, ['outer']))).toEqual(['1 initialiser that no node uses']);
});

it('initialisers among the inputs are constants in old files, and told of new ones', () => {
  const graph = graphOf([node(['x', 'w'], 'y')], ['w'], { inputs: [value('x'), value('w')] });
  expect(model(graph, 17, 3)).toEqual([]);
  expect(model(graph)).toEqual(['1 initialiser among the inputs']);
  expect(model({ ...graph, nodes: [node(['x'], 'y')] })).toEqual(['1 initialiser among the inputs']);
});

it('an operator set that ONNX Runtime makes no promise of is told', () => {
  expect(model(graphOf([node(['x'], 'y')], []), 6)).toEqual(['operator set 6, older than 7']);
});

it('a model exported as it trains is told: its scores are random, or depend on other jets', () => {
  const random = ['1 node drawing random numbers, so that scores differ from call to call'];
  expect(model(graphOf([node(['x'], 'y', {}, 'RandomUniformLike')], []))).toEqual(random);
  const mode = (value: number) => ({
    ...floatInitializer('mode', [1], new Float32Array(1)),
    type: 'bool' as const,
    data: Uint8Array.of(value),
  });
  const dropout = node(['x', '', 'mode'], 'y', {}, 'Dropout');
  expect(model(graphOf([dropout], [], { initializers: [mode(1)] }))).toEqual(random);
  expect(model(graphOf([dropout], [], { initializers: [mode(0)] }))).toEqual([]);
  expect(model(graphOf([node(['x'], 'y', {}, 'Dropout')], []))).toEqual([]);
  const constant = node([], 'mode', { value: { type: 'tensor', value: mode(1) } }, 'Constant');
  expect(model(graphOf([constant, dropout], []))).toEqual(random);
  const normal = (value: number) =>
    graphOf([node(['x'], 'y', { training_mode: { type: 'int', value } }, 'BatchNormalization')], []);
  expect(model(normal(1))).toEqual(['1 BatchNormalization as in training, so that scores depend on the jets beside']);
  expect(model(normal(0))).toEqual([]);
});
