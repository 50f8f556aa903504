import { floatsOf, transpose } from './initializer.js';
import type { Graph, Initializer, Node } from './model.js';
import { skimModel } from './read/decodeModel.js';

/** Kernels of a convolution, in TensorFlow's order; of a dense layer on the whole image, one of the image's size a unit. */
export interface Kernels {
  readonly shape: readonly [height: number, width: number, channels: number, filters: number];
  readonly weights: Float32Array;
}

/** What may lie between the image and a dense layer that sees it pixel by pixel. */
const KEEPS_ORDER = new Set(['Reshape', 'Flatten', 'Squeeze', 'Identity', 'Dropout', 'BatchNormalization']);
const MOST_CHANNELS = 4;

/**
 * What the first layer of an ONNX file looks for: the kernels of its first convolution, or without one those of a dense
 * layer on the image.
 *
 * @returns the kernels, or why there are none
 * @throws {JetError} BAD_MODEL if the bytes are no ONNX model
 */
export function firstFilters(onnx: Uint8Array): Kernels | string {
  const { graph } = skimModel(onnx);
  const { nodes } = graph;
  const first = nodes.find(({ opType }) => opType === 'Conv');
  if (first === undefined) return denseFilters(graph);
  const kernel = weightsOf(graph, first);
  if (typeof kernel === 'string') return `the weights of the first convolution ${kernel}`;
  if (kernel.dims.length !== 4)
    return `the first convolution has kernels of ${kernel.dims.length - 2} dimensions; those of 2 are drawn`;
  const [filters, channels, height, width] = kernel.dims;
  const weights = transpose(floatsOf(kernel), kernel.dims, [2, 3, 1, 0]);
  return { shape: [height, width, channels, filters], weights };
}

function denseFilters(graph: Graph): Kernels | string {
  const first = graph.nodes.find(({ opType }) => opType === 'Gemm' || opType === 'MatMul');
  const shape = first && imageBefore(graph, first);
  if (first === undefined || shape === undefined)
    return 'the network has no convolution, and no dense layer on an image';
  const kernel = weightsOf(graph, first);
  if (typeof kernel === 'string') return `the weights of the first dense layer ${kernel}`;
  const transposed = first.attributes['transB']?.type === 'int' && Number(first.attributes['transB'].value) === 1;
  const [pixels, units] = transposed ? [...kernel.dims].reverse() : kernel.dims;
  const [height, width, channels] = shape;
  if (kernel.dims.length !== 2 || pixels !== height * width * channels)
    return 'the network has no convolution, and no dense layer on an image';
  const values = floatsOf(kernel);
  return {
    shape: [height, width, channels, units],
    weights: transposed ? transpose(values, kernel.dims, [1, 0]) : values,
  };
}

/** Shape of the image (height, width, channels) that reaches a node pixel by pixel. */
function imageBefore({ inputs, nodes }: Graph, { inputs: [from] }: Node): [number, number, number] | undefined {
  let name = from;
  for (let maker = makerOf(nodes, name); maker !== undefined; maker = makerOf(nodes, name)) {
    if (!KEEPS_ORDER.has(maker.opType)) return undefined;
    [name] = maker.inputs;
  }
  const [, ...lengths] = inputs.find((input) => input.name === name)?.shape ?? [];
  if (lengths.length !== 3 || !lengths.every((length) => typeof length === 'number')) return undefined;
  const [a, b, c] = lengths;
  if (c <= MOST_CHANNELS) return [a, b, c];
  // channels first: with one of them the order is the same
  return a === 1 ? [b, c, 1] : undefined;
}

const makerOf = (nodes: readonly Node[], name: string): Node | undefined =>
  nodes.find(({ outputs }) => outputs.includes(name));

/** The constant weights of a layer, or why they cannot be drawn. */
function weightsOf({ initializers }: Graph, { inputs: [, name] }: Node): Initializer | string {
  const found = initializers.find((one) => one.name === name);
  if (found === undefined) return 'are computed in the graph (a quantised network)';
  return found.type === 'float32' ? found : `are ${found.type}; float32 ones are drawn`;
}
