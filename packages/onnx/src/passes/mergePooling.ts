/**
 * @file Narrow convolutions with max pooling behind them, in a form that runs faster on processors.
 *
 * A convolution of few filters fills a fraction of the vector registers, and the pooling then reads every number once
 * more. Here each filter becomes four of stride 2, one for each place of the 2×2 window: the filter itself, moved by a
 * row, a column, or both. Pooling is then the largest of four channels. The sums have the same terms, and zeros.
 *
 * Of images of one channel the filters are small, and pooling is most of the work: there each becomes two, one for each row of the window.
 * What lies beside each other in a row is pooled as before, where the runtime has 16 channels side by side, and half as much is left.
 */
import { floatInitializer, floatsOf, int64Initializer } from '../initializer.js';
import { type Initializer, ints, type Node } from '../model.js';
import { Links, type Pass, Rewrite } from './links.js';
import {
  isOperator,
  isPlainPooling,
  type KernelShape,
  kernelShape,
  type Pads,
  padsOf,
  type Size,
  shapeBehind,
  sizesOf,
} from './shapes.js';

/** With more filters than this the vectors are full, and the larger filters only cost more. */
const MOST_FILTERS = 8;

/**
 * Every convolution of at most 8 filters that 2×2 max pooling follows, directly or behind a rectifier, in the faster form.
 * Of graphs that were read lightly too; the operator set is one whose Reshape takes the shape as an input (from 5).
 */
export const mergePooling: Pass = (graph) => {
  if (graph.nodes.some(hasUnknownReaders)) return graph;
  const links = new Links(graph);
  const rewrite = new Rewrite();
  const shapes = new Map(graph.inputs.map(({ name, shape }) => [name, shape && sizesOf(shape)] as const));
  for (const node of graph.nodes) {
    const pair = pairBefore(node, links);
    const size = pair && pooledSize(pair, shapes.get(pair.convolution.inputs[0]));
    if (pair && size) merge(pair, size, rewrite);
    const shape = shapeBehind(node, shapes.get(node.inputs[0]), links.constant(node.inputs[1]));
    if (shape !== undefined) shapes.set(node.outputs[0], shape);
  }
  return rewrite.apply(graph);
};

/** A node with graphs inside may read any value. */
const hasUnknownReaders = ({ attributes }: Node): boolean =>
  Object.values(attributes).some(({ type }) => type === 'graph' || type === 'graphs' || type === 'other');

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

function pairBefore(pooling: Node, links: Links): Pair | undefined {
  if (!isPlainPooling(pooling)) return undefined;
  const between: string[] = [];
  let convolution = pooling;
  do {
    const [value] = convolution.inputs;
    const maker = links.maker(value);
    if (maker === undefined || links.onlyReader(value) !== convolution) return undefined;
    between.push(value);
    convolution = maker;
  } while (isOperator(convolution, 'Relu'));
  if (!isOperator(convolution, 'Conv')) return undefined;
  const [, kernelName, biasName = ''] = convolution.inputs;
  const constant = links.constant(kernelName);
  const kernel = kernelShape(constant);
  const pads = kernel && padsOf(convolution, kernel);
  if (kernel === undefined || pads === undefined || kernel[0] > MOST_FILTERS) return undefined;
  const weights = numbersOf(constant);
  const bias = numbersOf(links.constant(biasName));
  if (weights === undefined || (biasName !== '' && bias === undefined)) return undefined;
  return { convolution, kernel, weights, bias, pads, pooling, between };
}

const numbersOf = (constant: Initializer | undefined): Float32Array | undefined =>
  constant?.type === 'float32' && constant.external === undefined ? floatsOf(constant) : undefined;

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
  { convolution, kernel, weights, bias, pads, pooling, between }: Pair,
  size: readonly [number, number],
  rewrite: Rewrite,
): void {
  const [filters, channels, rows, columns] = kernel;
  // columns of the window that have filters of their own
  const across = channels === 1 ? 1 : 2;
  const places = 2 * across;
  const [height, width] = [rows + 1, columns + across - 1];
  const moved = new Float32Array(filters * places * channels * height * width);
  for (let filter = 0, from = 0; filter < filters; filter++)
    for (let channel = 0; channel < channels; channel++)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++, from++)
          for (let place = 0; place < places; place++) {
            const plane = (filter * places + place) * channels + channel;
            const y = row + Math.floor(place / across);
            const x = column + (place % across);
            moved[(plane * height + y) * width + x] = weights[from];
          }
  const [output] = pooling.outputs;
  const named = (what: string): string => `${output}/merged/${what}`;
  const inputs = [
    convolution.inputs[0],
    rewrite.constant(floatInitializer(named('kernel'), [places * filters, channels, height, width], moved)),
  ];
  if (bias !== undefined) {
    const biases = Float32Array.from({ length: places * filters }, (_, i) => bias[Math.floor(i / places)]);
    inputs.push(rewrite.constant(floatInitializer(named('bias'), [places * filters], biases)));
  }
  const apart = rewrite.constant(int64Initializer(named('places'), [0, filters, places, size[0] * size[1]]));
  const shape = rewrite.constant(int64Initializer(named('shape'), [0, filters, ...size]));
  rewrite.replace(
    convolution,
    step('Conv', inputs, convolution.outputs[0], {
      kernel_shape: ints([height, width]),
      pads: ints(pads),
      strides: ints([2, across]),
    }),
  );
  const largestOf = (input: string, name: string, window: readonly [number, number]): Node =>
    step('MaxPool', [input], named(name), { kernel_shape: ints(window), strides: ints(window) });
  const [pooled] = pooling.inputs;
  rewrite.replace(
    pooling,
    ...(across === 1 ? [largestOf(pooled, 'row', [1, 2])] : []),
    step('Reshape', [across === 1 ? named('row') : pooled, apart], named('apart')),
    largestOf(named('apart'), 'largest', [places, 1]),
    step('Reshape', [named('largest'), shape], output),
  );
  for (const value of between) rewrite.reshape(value);
}

const step = (
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: Node['attributes'] = {},
): Node => ({ name: output, opType, inputs, outputs: [output], attributes });
