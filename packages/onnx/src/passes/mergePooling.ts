/**
 * @file Narrow convolutions with max pooling behind them, in a form that runs faster on processors.
 *
 * A convolution of few filters fills a fraction of the vector registers, and the pooling then reads every number once
 * more. Here each filter becomes four of stride 2, one for each place of the 2×2 window: the filter itself, moved by a
 * row, a column, or both. Pooling is then the largest of four channels. The sums have the same terms, and zeros.
 */

import { bytes, type Field, field, fields, joined } from '../lightWire.js';
import { type Graph, makeConstant, makeNode, type Node, nameOf, readGraph, type Size } from '../onnxGraph.js';
import { isPlainPooling, type KernelShape, kernelShape, type Pads, padsOf, shapeOf } from '../onnxShape.js';

/** With more filters than this the vectors are full, and the larger filters only cost more. */
const MOST_FILTERS = 8;
/** The first operator set whose Reshape takes the shape as an input. */
const FIRST_OPSET = 5;

/**
 * The model with every convolution of at most 8 filters that 2×2 max pooling follows, directly or behind a rectifier, in
 * the faster form. The same model gives the same bytes on every call.
 *
 * @param model bytes of a complete ONNX model, not modified
 * @param opset of the default operator set
 * @returns undefined where there is nothing to change, or the bytes are no model
 */
export function mergePooling(model: Uint8Array, opset: number): Uint8Array | undefined {
  if (opset < FIRST_OPSET) return undefined;
  try {
    const parts = [...fields(model)];
    const graphs = parts.filter(({ number }) => number === 7);
    const changed = graphs.length === 1 ? mergeInGraph(readGraph(bytes(graphs[0]))) : undefined;
    return changed && joined(parts.map((part) => (part.number === 7 ? field(7, changed) : part.raw)));
  } catch (error) {
    // the runtime says what is wrong with the bytes
    if (error instanceof RangeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function mergeInGraph(graph: Graph): Uint8Array | undefined {
  if (graph.nodes.some(({ hasGraphs }) => hasGraphs)) return undefined;
  const shapes = new Map(graph.shapes);
  const makers = new Map<string, Node>();
  const replaced = new Map<Field, readonly Uint8Array[]>();
  const constants: Uint8Array[] = [];
  const reshaped = new Set<string>();
  for (const node of graph.nodes) {
    const pair = pairOf(graph, makers, node);
    const size = pair && pooledSize(pair, shapes.get(pair.convolution.inputs[0]));
    if (pair && size) {
      const merged = merge(pair, size);
      replaced.set(pair.convolution.part, [merged.convolution]);
      replaced.set(node.part, merged.pooling);
      constants.push(...merged.constants);
      for (const value of pair.between) reshaped.add(value);
    }
    makers.set(node.outputs[0], node);
    const shape = shapeOf(node, shapes, graph.constants);
    if (shape !== undefined) shapes.set(node.outputs[0], shape);
  }
  if (replaced.size === 0) return undefined;
  return joined([
    ...graph.parts
      .filter((part) => part.number !== 13 || !reshaped.has(nameOf(part, 1)))
      .flatMap((part) => replaced.get(part)?.map((node) => field(1, node)) ?? [part.raw]),
    ...constants.map((constant) => field(5, constant)),
  ]);
}

/** A convolution and the pooling behind it that can be merged. */
interface Pair {
  readonly convolution: Node;
  readonly kernel: KernelShape;
  readonly weights: Float32Array;
  readonly bias: Float32Array | undefined;
  readonly pads: Pads;
  readonly pooling: Node;
  /** the values that have other shapes afterwards, from the convolution's to the pooling's input */
  readonly between: readonly string[];
}

function pairOf(graph: Graph, makers: ReadonlyMap<string, Node>, pooling: Node): Pair | undefined {
  if (!isPlainPooling(pooling)) return undefined;
  const between: string[] = [];
  let convolution: Node | undefined;
  for (let value = pooling.inputs[0]; convolution === undefined; ) {
    const maker = makers.get(value);
    if (maker === undefined || graph.uses.get(value) !== 1) return undefined;
    between.push(value);
    if (maker.operator === 'Conv') convolution = maker;
    else if (maker.operator === 'Relu') value = maker.inputs[0];
    else return undefined;
  }
  const [, kernelName, biasName = ''] = convolution.inputs;
  const constant = graph.constants.get(kernelName!);
  const kernel = kernelShape(constant);
  const pads = kernel && padsOf(convolution, kernel);
  if (pads === undefined || kernel![0] > MOST_FILTERS) return undefined;
  const weights = constant!.float32();
  const bias = graph.constants.get(biasName)?.float32();
  if (weights === undefined || (biasName !== '' && bias === undefined)) return undefined;
  return { convolution, kernel: kernel!, weights, bias, pads, pooling, between };
}

/** Height and width behind the pooling, where they are known. */
function pooledSize({ kernel, pads }: Pair, shape: readonly Size[] | undefined): readonly [number, number] | undefined {
  const [, channels, rows, columns] = kernel;
  const [top, left, bottom, right] = pads;
  if (shape?.length !== 4 || shape[1] !== channels) return undefined;
  const [, , height = 0, width = 0] = shape;
  const pooledHeight = Math.floor((height + top + bottom - rows + 1) / 2);
  const pooledWidth = Math.floor((width + left + right - columns + 1) / 2);
  const known = height > 0 && width > 0 && pooledHeight > 0 && pooledWidth > 0;
  return known ? [pooledHeight, pooledWidth] : undefined;
}

function merge(
  { convolution, kernel, weights, bias, pads, pooling }: Pair,
  size: readonly [number, number],
): { convolution: Uint8Array; pooling: Uint8Array[]; constants: Uint8Array[] } {
  const [filters, channels, rows, columns] = kernel;
  const places = new Float32Array(filters * 4 * channels * (rows + 1) * (columns + 1));
  for (let filter = 0, from = 0; filter < filters; filter++)
    for (let channel = 0; channel < channels; channel++)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++, from++)
          for (let place = 0; place < 4; place++) {
            const plane = (filter * 4 + place) * channels + channel;
            const y = row + (place >> 1);
            const x = column + (place & 1);
            places[(plane * (rows + 1) + y) * (columns + 1) + x] = weights[from];
          }
  const output = pooling.outputs[0];
  const named = (what: string): string => `${output}/merged/${what}`;
  const integers = (...numbers: number[]): BigInt64Array => BigInt64Array.from(numbers, BigInt);
  const constants = [
    makeConstant(named('kernel'), [4 * filters, channels, rows + 1, columns + 1], places),
    makeConstant(named('places'), [4], integers(0, filters, 4, size[0] * size[1])),
    makeConstant(named('shape'), [4], integers(0, filters, ...size)),
  ];
  const inputs = [convolution.inputs[0], named('kernel')];
  if (bias !== undefined) {
    const biases = Float32Array.from({ length: 4 * filters }, (_, i) => bias[i >> 2]);
    constants.push(makeConstant(named('bias'), [4 * filters], biases));
    inputs.push(named('bias'));
  }
  return {
    convolution: makeNode('Conv', inputs, convolution.outputs[0], {
      kernel_shape: [rows + 1, columns + 1],
      pads,
      strides: [2, 2],
    }),
    pooling: [
      makeNode('Reshape', [pooling.inputs[0], named('places')], named('four')),
      makeNode('MaxPool', [named('four')], named('largest'), { kernel_shape: [4, 1], strides: [4, 1] }),
      makeNode('Reshape', [named('largest'), named('shape')], output),
    ],
    constants,
  };
}
