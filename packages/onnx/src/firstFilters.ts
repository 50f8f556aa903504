import { decodeModel } from './decode.js';

/** Kernels of a convolution, in TensorFlow's order. */
export interface Kernels {
  readonly shape: readonly [height: number, width: number, channels: number, filters: number];
  readonly weights: Float32Array;
}

/**
 * The kernels of the first convolution of an ONNX file.
 *
 * @returns the kernels, or why there are none
 * @throws {JetError} as `decodeModel`
 */
export function firstFilters(onnx: Uint8Array): Kernels | string {
  const { nodes, initializers } = decodeModel(onnx).graph;
  const first = nodes.find(({ opType }) => opType === 'Conv');
  if (first === undefined) return 'the network has no convolution';
  const kernel = initializers.find(({ name }) => name === first.inputs[1]);
  if (kernel === undefined)
    return 'the weights of the first convolution are computed in the graph (a quantised network)';
  if (kernel.type !== 'float32')
    return `the weights of the first convolution are ${kernel.type}; float32 ones are drawn`;
  const [filters, channels, height, width, ...more] = kernel.dims;
  if (filters === undefined || channels === undefined || height === undefined || width === undefined || more.length > 0)
    return `the first convolution has kernels of ${kernel.dims.length - 2} dimensions; those of 2 are drawn`;
  const view = new DataView(kernel.data.buffer, kernel.data.byteOffset, kernel.data.byteLength);
  const weights = new Float32Array(filters * channels * height * width);
  let from = 0;
  for (let filter = 0; filter < filters; filter++)
    for (let channel = 0; channel < channels; channel++)
      for (let pixel = 0; pixel < height * width; pixel++, from += 4)
        weights[(pixel * channels + channel) * filters + filter] = view.getFloat32(from, true);
  return { shape: [height, width, channels, filters], weights };
}
