/** @file Shapes inside a graph, as far as they are known before it runs. */
import { int64sOf } from '../initializer.js';
import type { Dim, Initializer, Node } from '../model.js';

/** A size, or undefined where it is known only when the model runs. */
export type Size = number | undefined;

export type Pads = readonly [top: number, left: number, bottom: number, right: number];

/** Shape of the weights of a convolution. */
export type KernelShape = readonly [filters: number, channels: number, rows: number, columns: number];

export const sizesOf = (shape: readonly Dim[]): readonly Size[] =>
  shape.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : undefined));

function integersOf({ attributes }: Node, name: string, usual: readonly number[]): readonly number[] {
  const found = attributes[name];
  if (found?.type === 'ints') return found.value;
  return found?.type === 'int' ? [found.value] : usual;
}

function paddingOf({ attributes }: Node): string {
  const found = attributes['auto_pad'];
  return found?.type === 'string' ? found.value : 'NOTSET';
}

const isAll = (numbers: readonly number[], wanted: number, length: number): boolean =>
  numbers.length === length && numbers.every((number) => number === wanted);

/** Whether a node is one of ONNX's own operators. */
export const isOperator = ({ opType, domain }: Node, wanted: string): boolean =>
  domain === undefined && opType === wanted;

/** Whether it takes the largest of 2×2 and nothing else. */
export function isPlainPooling(node: Node): boolean {
  return (
    isOperator(node, 'MaxPool') &&
    node.outputs.length === 1 &&
    isAll(integersOf(node, 'kernel_shape', []), 2, 2) &&
    isAll(integersOf(node, 'strides', [1, 1]), 2, 2) &&
    isAll(integersOf(node, 'dilations', [1, 1]), 1, 2) &&
    isAll(integersOf(node, 'pads', [0, 0, 0, 0]), 0, 4) &&
    isAll(integersOf(node, 'ceil_mode', [0]), 0, 1) &&
    ['NOTSET', 'VALID'].includes(paddingOf(node))
  );
}

/** The shape of weights that are constant and of a convolution in two dimensions. */
export function kernelShape(constant: Initializer | undefined): KernelShape | undefined {
  if (constant?.dims.length !== 4) return undefined;
  const [filters, channels, rows, columns] = constant.dims;
  return [filters, channels, rows, columns];
}

/** The padding of a convolution of stride 1 in one group; undefined for any other. */
export function padsOf(convolution: Node, [, , height, width]: KernelShape): Pads | undefined {
  if (
    !isAll(integersOf(convolution, 'strides', [1, 1]), 1, 2) ||
    !isAll(integersOf(convolution, 'dilations', [1, 1]), 1, 2) ||
    !isAll(integersOf(convolution, 'group', [1]), 1, 1)
  )
    return undefined;
  const [less, more] = [(n: number) => Math.floor((n - 1) / 2), (n: number) => Math.ceil((n - 1) / 2)];
  switch (paddingOf(convolution)) {
    case 'NOTSET': {
      const pads = integersOf(convolution, 'pads', [0, 0, 0, 0]);
      const [top, left, bottom, right] = pads;
      return pads.length === 4 && pads.every(Number.isSafeInteger) ? [top, left, bottom, right] : undefined;
    }
    case 'VALID':
      return [0, 0, 0, 0];
    case 'SAME_UPPER':
      return [less(height), less(width), more(height), more(width)];
    case 'SAME_LOWER':
      return [more(height), more(width), less(height), less(width)];
    default:
      return undefined;
  }
}

/** Operators whose output has the shape of their first input. */
const SHAPE_KEEPERS = new Set([
  'BatchNormalization',
  'Clip',
  'Dropout',
  'Elu',
  'Identity',
  'LeakyRelu',
  'LRN',
  'Relu',
  'Selu',
  'Sigmoid',
  'Tanh',
]);

/**
 * The shape of a node's first output, as far as the operators before convolutions go.
 *
 * @param shape of its first input
 * @param second its second input, where that is constant
 */
export function shapeBehind(
  node: Node,
  shape: readonly Size[] | undefined,
  second: Initializer | undefined,
): readonly Size[] | undefined {
  if (node.domain !== undefined) return undefined;
  if (SHAPE_KEEPERS.has(node.opType)) return shape;
  switch (node.opType) {
    case 'Reshape':
      if (second?.type !== 'int64') return undefined;
      return int64sOf(second).map((size, axis) => (size > 0 ? size : size === 0 ? shape?.[axis] : undefined));
    case 'Transpose':
      return shape && integersOf(node, 'perm', []).map((axis) => shape[axis]);
    case 'Add':
    case 'Div':
    case 'Mul':
    case 'Sub':
      return second?.dims.every((size) => size === 1) && second.dims.length <= (shape?.length ?? 0) ? shape : undefined;
    case 'Conv': {
      const kernel = kernelShape(second);
      const pads = kernel && padsOf(node, kernel);
      if (pads === undefined || kernel === undefined || shape?.length !== 4) return undefined;
      const [filters, , rows, columns] = kernel;
      const [top, left, bottom, right] = pads;
      const along = (size: Size, padding: number, length: number): Size => size && size + padding - length + 1;
      return [shape[0], filters, along(shape[2], top + bottom, rows), along(shape[3], left + right, columns)];
    }
    case 'MaxPool':
      if (!isPlainPooling(node) || shape?.length !== 4) return undefined;
      return [shape[0], shape[1], ...shape.slice(2).map((size) => size && Math.floor(size / 2))];
    default:
      return undefined;
  }
}
