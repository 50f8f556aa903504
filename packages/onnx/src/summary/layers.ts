import { sizeOf } from '@jetsdk/jets';
import type { Graph, Node } from '../model.js';
import type { InferredValues } from './inferShapes.js';

/** One layer of a network, or one operator of a graph. */
export interface GraphLayer {
  readonly name: string;
  /** the operator, with its domain unless that is ONNX's own */
  readonly kind: string;
  /** of what it makes of one jet; undefined where that, or a length of it, is not known */
  readonly shape: readonly (number | undefined)[] | undefined;
  readonly parameters: number;
  /** the operator behind it that acts number by number, if there is one */
  readonly activation?: string;
  /** layers that it reads, by their place in the list; empty for what reads an input of the graph */
  readonly inputs: readonly number[];
}

/** Operators that are written in the row of the layer in front of them. */
const ACTIVATIONS = new Set([
  'Clip',
  'Elu',
  'Erf',
  'Gelu',
  'HardSigmoid',
  'HardSwish',
  'LeakyRelu',
  'LogSoftmax',
  'Mish',
  'PRelu',
  'Relu',
  'Selu',
  'Sigmoid',
  'Softmax',
  'Softplus',
  'Softsign',
  'Swish',
  'Tanh',
  'ThresholdedRelu',
]);

/** Operators that are no layers of their own: they change how numbers are written. */
const SILENT = new Set(['Cast', 'DequantizeLinear', 'Identity', 'QuantizeLinear']);

/** Operators as rows of a table: those that read constants alone are left out, activations stand with what they act on. */
export function layersOf(graph: Graph, shapes: InferredValues): readonly GraphLayer[] {
  const constants = new Map(graph.initializers.map((one) => [one.name, one]));
  const readers = new Map<string, number>();
  for (const { inputs } of graph.nodes) for (const name of inputs) readers.set(name, (readers.get(name) ?? 0) + 1);
  for (const { name } of graph.outputs) readers.set(name, (readers.get(name) ?? 0) + 1);
  const layers: GraphLayer[] = [];
  /** the row that makes a value; -1 for inputs of the graph */
  const madeBy = new Map<string, number>();
  for (const { name } of graph.inputs) if (!constants.has(name)) madeBy.set(name, -1);
  const counted = new Set<string>();
  for (const node of graph.nodes) {
    const rows = node.inputs.flatMap((name) => madeBy.get(name) ?? []);
    if (rows.length === 0) continue;
    const [before] = rows;
    const behind = (row: number): void => {
      for (const name of node.outputs) madeBy.set(name, row);
    };
    const fresh = node.inputs.filter((name) => constants.has(name) && !counted.has(name));
    const parameters = fresh.reduce((sum, name) => {
      counted.add(name);
      const { type, dims = [] } = constants.get(name) ?? {};
      return type === 'int64' || type === 'int32' ? sum : sum + sizeOf(dims);
    }, 0);
    const shape = shapes.get(node.outputs[0])?.shape?.slice(1);
    const last = layers[before];
    const alone = last !== undefined && readers.get(node.inputs[0]) === 1 && before === layers.length - 1;
    if (node.domain === undefined && SILENT.has(node.opType) && last !== undefined) {
      layers[before] = { ...last, parameters: last.parameters + parameters };
      behind(before);
    } else if (node.domain === undefined && ACTIVATIONS.has(node.opType) && alone && last.activation === undefined) {
      layers[before] = { ...last, activation: node.opType, parameters: last.parameters + parameters };
      behind(before);
    } else {
      const inputs = [...new Set(rows)].filter((row) => row >= 0);
      behind(layers.push({ name: nameOf(node), kind: kindOf(node), shape, parameters, inputs }) - 1);
    }
  }
  return layers;
}

const kindOf = ({ domain, opType }: Node): string => (domain === undefined ? opType : `${domain}.${opType}`);

/** The name without the operator that stands in the next column. */
function nameOf({ name, opType, outputs }: Node): string {
  // a damaged file may have nodes that make nothing
  const full = name || (outputs.at(0) ?? opType);
  return full.endsWith(`/${opType}`) ? full.slice(0, -opType.length - 1) : full;
}
