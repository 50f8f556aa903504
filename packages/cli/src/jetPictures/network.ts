/** @file What a network looks at: correlation of the pixels with its answer, filters of its first convolution. */

import type { JetImages } from '@jetsdk/jets';
import { decodeModel } from '@jetsdk/onnx';
import type { FilterBank, JetImage } from '@jetsdk/plots';

export interface Correlation {
  /** @param scores one a jet */
  add(images: JetImages, scores: Float32Array): void;
  /**
   * Pearson's coefficient of each pixel of a channel, 0 where the pixel is the same in all jets.
   *
   * @returns undefined where the score is the same for all jets
   */
  image(channel: number): JetImage | undefined;
}

/** Variance below this share of the mean square is rounding. */
const ROUNDING = 1e-12;

export function correlation(): Correlation {
  let shape: readonly [height: number, width: number, channels: number] = [0, 0, 0];
  let [x, xx, xs] = [new Float64Array(0), new Float64Array(0), new Float64Array(0)];
  let [count, s, ss] = [0, 0, 0];
  return {
    add({ shape: [jets, ...one], data }, scores) {
      const size = one[0] * one[1] * one[2];
      if (count === 0) {
        shape = one;
        [x, xx, xs] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
      }
      count += jets;
      for (let jet = 0; jet < jets; jet++) {
        const score = scores[jet];
        s += score;
        ss += score * score;
        for (let pixel = 0, at = jet * size; pixel < size; pixel++, at++) {
          const value = data[at];
          if (value === 0) continue;
          x[pixel] = x[pixel] + value;
          xx[pixel] = xx[pixel] + value * value;
          xs[pixel] = xs[pixel] + value * score;
        }
      }
    },
    image(channel) {
      const [height, width, channels] = shape;
      const scoreSpread = count * ss - s * s;
      if (!(scoreSpread > ROUNDING * count * ss)) return undefined;
      return {
        shape: [height, width],
        pixels: Float64Array.from({ length: height * width }, (_, pixel) => {
          const i = pixel * channels + channel;
          const spread = count * xx[i] - x[i] ** 2;
          if (!(spread > ROUNDING * count * xx[i])) return 0;
          const r = (count * xs[i] - x[i] * s) / Math.sqrt(spread * scoreSpread);
          return Math.max(-1, Math.min(1, r));
        }),
      };
    },
  };
}

/**
 * The kernels of the first convolution of an ONNX file.
 *
 * @returns the bank, or why there is none
 * @throws {JetError} as `decodeModel`
 */
export function firstFilters(onnx: Uint8Array): FilterBank | string {
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
