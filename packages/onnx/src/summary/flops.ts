import { sizeOf as sizeOfShape } from '@jetsdk/jets';
import type { Graph, Node } from '../model.js';
import { intOf, intsOf } from '../shapes/attributes.js';
import { lettersOf } from '../shapes/combine.js';
import type { InferredValues } from './inferShapes.js';

/** Operators that move numbers, look at shapes or round: they compute nothing. */
const FREE = new Set([
  'Cast',
  'Concat',
  'Constant',
  'ConstantOfShape',
  'Dropout',
  'Expand',
  'Flatten',
  'Gather',
  'GatherElements',
  'GatherND',
  'Identity',
  'Pad',
  'Range',
  'Reshape',
  'Shape',
  'Size',
  'Slice',
  'Split',
  'Squeeze',
  'Tile',
  'Transpose',
  'Unsqueeze',
]);

/** Operations for each number of the output, where it is not one. */
const PER_NUMBER: Readonly<Record<string, number>> = {
  // factor and shift, which follow from the four constants once
  BatchNormalization: 2,
  // the largest, the difference, the exponential, the sum, the quotient
  Softmax: 5,
  LogSoftmax: 5,
  // mean, difference, square, variance, quotient, factor, shift
  LayerNormalization: 7,
  GroupNormalization: 7,
  InstanceNormalization: 7,
};

/**
 * Floating-point operations for one jet, by operator.
 *
 * A multiplication and an addition are two, as in most counters: a convolution or a product of matrices takes 2 × the
 * numbers of its window for each number of its output, a bias included (it is added in place of the addition that the
 * first product does not need). A pooling takes the numbers of its window for each output, a reduction one for each
 * input, a normalisation 2 (batch), 7 (layer, group, instance) or its size + 4 (local response) and a softmax 5 for each
 * output; everything else that computes takes one for each output, transcendental functions too. Moving numbers is free.
 *
 * @param shapes of `inferShapes`
 * @returns undefined where a shape is not known before the model runs, or the graph has graphs inside
 */
export function flopsByOperator(graph: Graph, shapes: InferredValues): Readonly<Record<string, number>> | undefined {
  const counts: Record<string, number> = {};
  for (const node of graph.nodes) {
    const count = flopsOf(node, shapes);
    if (count === undefined) return undefined;
    if (count > 0) counts[node.opType] = (counts[node.opType] ?? 0) + count;
  }
  return counts;
}

function flopsOf(node: Node, shapes: InferredValues): number | undefined {
  const { opType } = node;
  if (node.domain !== undefined || Object.values(node.attributes).some(({ type }) => type === 'graph'))
    return undefined;
  if (FREE.has(opType)) return 0;
  const known = node.inputs.map((name) => shapes.get(name));
  // shapes are computed with numbers that are constant
  if (node.outputs.every((name) => shapes.get(name)?.numbers !== undefined)) return 0;
  const inputs = known.map((input) => input?.shape);
  const [x, w] = inputs;
  const output = sizeOf(shapes.get(node.outputs[0])?.shape);
  const times = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? undefined : a * b;
  const letters =
    opType === 'Einsum'
      ? lettersOf(
          node.attributes,
          known.map((one) => one?.shape && { shape: one.shape }),
        )
      : undefined;
  switch (opType) {
    case 'Conv':
    case 'ConvInteger':
      return times(output, times(2, sizeOf(w?.slice(1))));
    case 'QLinearConv':
      return times(output, times(2, sizeOf(inputs[3]?.slice(1))));
    case 'ConvTranspose':
      return times(sizeOf(x), times(2, sizeOf(w?.slice(1))));
    case 'MatMul':
    case 'MatMulInteger':
    case 'QLinearMatMul':
      return times(output, times(2, x?.[x.length - 1]));
    case 'Gemm':
      return times(output, times(2, x?.[1 - intOf(node.attributes['transA'], 0)]));
    case 'Einsum':
      return times(2, sizeOf(letters && [...letters.lengths.values()]));
    case 'LSTM':
    case 'GRU':
    case 'RNN':
      return recurrentFlops(inputs);
    case 'LRN':
      return times(output, intOf(node.attributes['size'], 1) + 4);
    case 'MaxPool':
    case 'AveragePool':
    case 'LpPool':
      return times(output, sizeOf(intsOf(node.attributes['kernel_shape'])));
    default:
      if (opType.startsWith('Reduce') || opType.startsWith('Global') || opType.startsWith('Arg')) return sizeOf(x);
      return times(output, PER_NUMBER[opType] ?? 1);
  }
}

/** The products with input and state of each gate at each step; gates themselves are few. */
function recurrentFlops([x, w, r]: readonly Shape[]): number | undefined {
  if (x === undefined || w === undefined || r === undefined) return undefined;
  return 2 * sizeOfShape(x.slice(0, 2)) * (sizeOfShape(w) + sizeOfShape(r));
}

type Shape = readonly number[] | undefined;

const sizeOf = (shape: Shape): number | undefined => shape && sizeOfShape(shape);
