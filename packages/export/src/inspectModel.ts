import { canonicalJson, type ModelCard, sha256Hex, sizeOf } from '@jetsdk/jets';
import {
  cardOf,
  type Dim,
  ELEMENT_TYPES,
  type Graph,
  type Node,
  operatorsOf,
  skimModel,
  type ValueInfo,
} from '@jetsdk/onnx';

/** What there is to say about an ONNX file without running it. */
export interface ModelInspection {
  readonly graph: {
    readonly name: string;
    readonly irVersion: number;
    readonly opset: number;
    /** versions of other operator sets, by domain; absent where there are none */
    readonly otherOpsets?: Readonly<Record<string, number>>;
    /** name and version */
    readonly producer: string;
    readonly nodes: number;
  };
  /** what a caller gives: constants that older files list too are none */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** operator → how many nodes of the main graph, most frequent first; with its domain in front unless that is ONNX's own */
  readonly operators: Readonly<Record<string, number>>;
  /** numbers in constants that are not integers of 32 or 64 bits (shapes, axes) */
  readonly parameters: number;
  /** bytes of all constants */
  readonly weightBytes: number;
  /**
   * Floating-point operations for one example, a multiplication and an addition counted as two; undefined where the
   * file does not tell the shapes that it needs.
   */
  readonly flops: number | undefined;
  /** bytes of the values that are alive at the same time, at most, for one example; undefined likewise */
  readonly activationBytes: number | undefined;
  readonly card: ModelCard | undefined;
  /** SHA-256, hexadecimal */
  readonly hashes: {
    readonly file: string;
    /** of names, shapes and numbers of the constants, whatever the card says */
    readonly weights: string;
    /** of the graph without its constants and metadata */
    readonly graph: string;
  };
}

/**
 * Describes an ONNX file, lightly read: also one that only other runtimes understand.
 *
 * @param bytes not modified
 * @throws {JetError} what `readCard` throws
 */
export function inspectModel(bytes: Uint8Array): ModelInspection {
  const model = skimModel(bytes);
  const { graph } = model;
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const weights = graph.initializers.filter(({ type }) => type !== 'int64' && type !== 'int32');
  return {
    graph: {
      name: graph.name,
      irVersion: model.irVersion,
      opset: model.opset,
      ...(model.otherOpsets !== undefined && { otherOpsets: model.otherOpsets }),
      producer: `${model.producerName} ${model.producerVersion}`.trim(),
      nodes: graph.nodes.length,
    },
    inputs: graph.inputs.filter(({ name }) => !constants.has(name)),
    outputs: graph.outputs,
    operators: Object.fromEntries([...operatorsOf(graph)].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))),
    parameters: weights.reduce((sum, { dims }) => sum + sizeOf(dims), 0),
    weightBytes: graph.initializers.reduce((sum, { type, dims }) => sum + sizeOf(dims) * ELEMENT_TYPES[type].bytes, 0),
    flops: flopsOf(graph),
    activationBytes: activationBytesOf(graph),
    card: cardOf(model.metadata),
    hashes: {
      file: sha256Hex(bytes),
      weights: sha256Hex(
        canonicalJson(
          graph.initializers.map((one) => [one.name, one.type, one.dims, one.external ?? sha256Hex(one.data)]),
        ),
      ),
      graph: sha256Hex(canonicalJson({ ...graph, initializers: [] })),
    },
  };
}

/** Elements for one example: names of lengths count as 1. */
function elements(shape: readonly Dim[]): number {
  return shape.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : 1), 1);
}

/** Operators that move numbers, or look at shapes only. */
const FREE = new Set([
  'Identity',
  'Reshape',
  'Transpose',
  'Concat',
  'Slice',
  'Pad',
  'Gather',
  'Tile',
  'Cast',
  'Shape',
  'Unsqueeze',
  'Squeeze',
  'Expand',
  'ConstantOfShape',
  'Flatten',
]);

/** Operators whose every output number costs one multiplication and addition for each number of a window. */
function windowSize({ opType, attributes }: Node, shapes: readonly (readonly Dim[] | undefined)[]): number | undefined {
  const [input, weight] = shapes;
  switch (opType) {
    case 'Conv':
      return weight && elements(weight.slice(1));
    case 'Gemm': {
      const along = attributes.transB?.value === 1 ? 1 : 0;
      return weight && Number(weight[along]);
    }
    case 'MatMul':
    case 'Einsum':
      return input && Number(input[input.length - 1]);
    default:
      return undefined;
  }
}

function flopsOf(graph: Graph): number | undefined {
  const shapes = shapesOf(graph);
  let total = 0;
  for (const node of graph.nodes) {
    if (FREE.has(node.opType)) continue;
    const inputs = node.inputs.map((name) => shapes.get(name)?.shape);
    const output = shapes.get(node.outputs[0])?.shape;
    if (output === undefined) return undefined;
    if (node.opType === 'ConvTranspose') {
      if (inputs[0] === undefined || inputs[1] === undefined) return undefined;
      total += 2 * elements(inputs[0]) * elements(inputs[1].slice(1));
      continue;
    }
    const size = windowSize(node, inputs);
    const { kernel_shape: kernel } = node.attributes;
    if (size !== undefined) total += 2 * size * elements(output);
    else if (kernel?.type === 'ints') total += elements(kernel.value) * elements(output);
    else if (node.opType.startsWith('Reduce')) {
      if (inputs[0] === undefined) return undefined;
      total += elements(inputs[0]);
    } else total += elements(output);
  }
  return total;
}

function activationBytesOf(graph: Graph): number | undefined {
  const shapes = shapesOf(graph);
  const lastUse = new Map<string, number>();
  graph.nodes.forEach(({ inputs }, i) => {
    for (const name of inputs) lastUse.set(name, i);
  });
  for (const { name } of graph.outputs) lastUse.set(name, graph.nodes.length);
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const bytesOf = (name: string): number | undefined => {
    const value = shapes.get(name);
    return value?.shape && elements(value.shape) * ELEMENT_TYPES[value.type].bytes;
  };
  let alive = 0;
  for (const { name } of graph.inputs) if (!constants.has(name)) alive += bytesOf(name) ?? 0;
  let most = alive;
  for (const [i, node] of graph.nodes.entries()) {
    for (const name of node.outputs) {
      const bytes = bytesOf(name);
      if (bytes === undefined) return undefined;
      alive += bytes;
    }
    most = Math.max(most, alive);
    for (const name of new Set([...node.inputs, ...node.outputs]))
      if (!constants.has(name) && (lastUse.get(name) ?? i) === i) alive -= bytesOf(name) ?? 0;
  }
  return most;
}

function shapesOf(graph: Graph): ReadonlyMap<string, Pick<ValueInfo, 'type' | 'shape'>> {
  return new Map<string, Pick<ValueInfo, 'type' | 'shape'>>([
    ...graph.initializers.map(({ name, type, dims }) => [name, { type, shape: dims }] as const),
    ...[...graph.values, ...graph.inputs, ...graph.outputs].map((value) => [value.name, value] as const),
  ]);
}
