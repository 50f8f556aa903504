import { floatsOf, transpose } from './initializer.js';
import { skimModel } from './read/decodeModel.js';

/** Kernels of a convolution, in TensorFlow's order. */
export interface Kernels {
  readonly shape: readonly [height: number, width: number, channels: number, filters: number];
  readonly weights: Float32Array;
}

/**
 * The kernels of the first convolution of an ONNX file.
 *
 * @returns the kernels, or why there are none
 * @throws {JetError} BAD_MODEL if the bytes are no ONNX model
 */
export function firstFilters(onnx: Uint8Array): Kernels | string {
  const { nodes, initializers } = skimModel(onnx).graph;
  const first = nodes.find(({ opType }) => opType === 'Conv');
  if (first === undefined) return 'the network has no convolution';
  const kernel = initializers.find(({ name }) => name === first.inputs[1]);
  if (kernel === undefined)
    return 'the weights of the first convolution are computed in the graph (a quantised network)';
  if (kernel.type !== 'float32')
    return `the weights of the first convolution are ${kernel.type}; float32 ones are drawn`;
  if (kernel.dims.length !== 4)
    return `the first convolution has kernels of ${kernel.dims.length - 2} dimensions; those of 2 are drawn`;
  const [filters, channels, height, width] = kernel.dims;
  const weights = transpose(floatsOf(kernel), kernel.dims, [2, 3, 1, 0]);
  return { shape: [height, width, channels, filters], weights };
}
