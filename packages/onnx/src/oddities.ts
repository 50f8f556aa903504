/**
 * @file What is odd in a model, as far as its graph tells: what ONNX Runtime warns of, for it does not say itself that it has
 * warned, and what a model has that was exported as it trains.
 */
import { counted } from '@jetsdk/jets';
import type { Graph, Model, Node } from './model.js';
import { valuesRead } from './read/order.js';

/** The first version of this format in which an initializer among the inputs is no constant. */
const IR_OF_DEFAULTS = 4;
/** The oldest operator set that ONNX Runtime promises to run. */
const OLDEST_OPSET = 7;
const RANDOM = new Set([
  'Bernoulli',
  'Multinomial',
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
]);

/** @returns a phrase for each kind, with its number; none of a model without any */
export function odditiesOf({ irVersion, opset, graph }: Pick<Model, 'irVersion' | 'opset' | 'graph'>): string[] {
  const unused = countUnused(graph);
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const nodes = nodesOf(graph);
  const random = nodes.filter(([node, within]) => isRandom(node, within)).length;
  const together = nodes.filter(([node]) => isTraining(node)).length;
  const defaults = irVersion < IR_OF_DEFAULTS ? 0 : graph.inputs.filter(({ name }) => constants.has(name)).length;
  return [
    ...(unused > 0 ? [`${counted(unused, 'initialiser')} that no node uses`] : []),
    ...(defaults > 0 ? [`${counted(defaults, 'initialiser')} among the inputs`] : []),
    ...(random > 0
      ? [`${counted(random, 'node')} drawing random numbers, so that scores differ from call to call`]
      : []),
    ...(together > 0
      ? [`${together} BatchNormalization as in training, so that scores depend on the jets beside`]
      : []),
    ...(opset < OLDEST_OPSET ? [`operator set ${opset}, older than ${OLDEST_OPSET}`] : []),
  ];
}

/** All nodes with the graph that they are in, graphs inside of graphs too. */
function nodesOf(graph: Graph): (readonly [Node, Graph])[] {
  return graph.nodes.flatMap((node) => [[node, graph] as const, ...innerGraphs(node).flatMap(nodesOf)]);
}

const innerGraphs = ({ attributes }: Node): readonly Graph[] =>
  Object.values(attributes).flatMap((one) =>
    one.type === 'graph' ? [one.value] : one.type === 'graphs' ? one.value : [],
  );

const isTraining = ({ opType, attributes }: Node): boolean =>
  opType === 'BatchNormalization' && attributes['training_mode']?.value === 1;

/** Dropout draws where its third input is true, which is a constant in files that are exported so. */
function isRandom({ opType, domain, inputs }: Node, { initializers, nodes }: Graph): boolean {
  if (domain !== undefined) return false;
  if (opType !== 'Dropout') return RANDOM.has(opType);
  const [, , mode] = inputs;
  if (mode === undefined || mode === '') return false;
  const value = nodes.find(({ outputs }) => outputs.includes(mode))?.attributes['value'];
  const constant = value?.type === 'tensor' ? value.value : initializers.find(({ name }) => name === mode);
  return constant !== undefined && constant.external === undefined && constant.data.some((byte) => byte !== 0);
}

function countUnused({ nodes, initializers, inputs, outputs }: Graph): number {
  const used = new Set([...inputs, ...outputs].map(({ name }) => name));
  for (const node of nodes) valuesRead(node, used);
  let unused = initializers.filter(({ name }) => !used.has(name)).length;
  for (const node of nodes) for (const graph of innerGraphs(node)) unused += countUnused(graph);
  return unused;
}
