/** @file Shapes inside an ONNX graph, as far as they are known before it runs. */
import type { Constant, Node, Size } from './onnxGraph.js';

export type Pads = readonly [top: number, left: number, bottom: number, right: number];

/** Shape of the weights of a convolution. */
export type KernelShape = readonly [filters: number, channels: number, rows: number, columns: number];

const numbersOf = ({ attributes }: Node, name: string, usual: readonly number[]): readonly number[] => {
  const found = attributes.get(name);
  return typeof found === 'object' ? found : usual;
};

const isAll = (numbers: readonly number[], wanted: number, length: number): boolean =>
  numbers.length === length && numbers.every((number) => number === wanted);

/** Whether it takes the largest of 2×2 and nothing else. */
export function isPlainPooling(node: Node): boolean {
  const padding = node.attributes.get('auto_pad') ?? 'NOTSET';
  return (
    node.operator === 'MaxPool' &&
    node.outputs.length === 1 &&
    isAll(numbersOf(node, 'kernel_shape', []), 2, 2) &&
    isAll(numbersOf(node, 'strides', [1, 1]), 2, 2) &&
    isAll(numbersOf(node, 'dilations', [1, 1]), 1, 2) &&
    isAll(numbersOf(node, 'pads', [0, 0, 0, 0]), 0, 4) &&
    isAll(numbersOf(node, 'ceil_mode', [0]), 0, 1) &&
    (padding === 'NOTSET' || padding === 'VALID')
  );
}

/** The shape of weights that are constant and of a convolution in two dimensions. */
export function kernelShape(constant: Constant | undefined): KernelShape | undefined {
  if (constant?.dims.length !== 4) return undefined;
  const [filters = 0, channels = 0, rows = 0, columns = 0] = constant.dims;
  return [filters, channels, rows, columns];
}

/** The padding of a convolution of stride 1 in one group; undefined for any other. */
export function padsOf(convolution: Node, [, , height, width]: KernelShape): Pads | undefined {
  if (
    !isAll(numbersOf(convolution, 'strides', [1, 1]), 1, 2) ||
    !isAll(numbersOf(convolution, 'dilations', [1, 1]), 1, 2) ||
    !isAll(numbersOf(convolution, 'group', [1]), 1, 1)
  )
    return undefined;
  const [less, more] = [(n: number) => Math.floor((n - 1) / 2), (n: number) => Math.ceil((n - 1) / 2)];
  switch (convolution.attributes.get('auto_pad') ?? 'NOTSET') {
    case 'NOTSET': {
      const pads = numbersOf(convolution, 'pads', [0, 0, 0, 0]);
      const [top = 0, left = 0, bottom = 0, right = 0] = pads;
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

/** The shape of a node's first output, as far as the operators before convolutions go. */
export function shapeOf(
  node: Node,
  shapes: ReadonlyMap<string, readonly Size[]>,
  constants: ReadonlyMap<string, Constant>,
): readonly Size[] | undefined {
  const shape = shapes.get(node.inputs[0]);
  const second = constants.get(node.inputs[1] ?? '');
  if (SHAPE_KEEPERS.has(node.operator)) return shape;
  switch (node.operator) {
    case 'Reshape':
      return second?.int64()?.map((size, axis) => (size > 0 ? size : size === 0 ? shape?.[axis] : undefined));
    case 'Transpose':
      return shape && numbersOf(node, 'perm', []).map((axis) => shape[axis]);
    case 'Add':
    case 'Div':
    case 'Mul':
    case 'Sub':
      return second?.dims.every((size) => size === 1) && second.dims.length <= (shape?.length ?? 0) ? shape : undefined;
    case 'Conv': {
      const kernel = kernelShape(second);
      const pads = kernel && padsOf(node, kernel);
      if (pads === undefined || shape?.length !== 4) return undefined;
      const [filters, , rows, columns] = kernel!;
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
