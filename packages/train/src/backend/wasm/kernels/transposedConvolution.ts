/** @file Transposed convolution as a convolution: every place within a stride is a channel with taps of its own, and the channels are interleaved. */
import { engine, type NamedAttrMap, type Tensor, type TensorInfo, tile } from '@tensorflow/tfjs-core';
import { ranges } from '../ranges.js';
import { putGradient, putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { numbersOf, type Pair, pairOf } from './attributes.js';
import { FUSED_CONVOLUTION } from './convolution.js';
import { modulo } from './geometry.js';

/** (kernel height, kernel width, outputs, inputs) to (taps down, taps across, inputs, strides · outputs): what each place within a stride takes. */
const PLACES = 'JetPlaces';
const PLACES_GRADIENT = 'JetPlacesGradient';
/** (images, rows, columns, strides · outputs) to images, which may end within a stride. */
const INTERLEAVED = 'JetInterleaved';
const INTERLEAVED_GRADIENT = 'JetInterleavedGradient';

/** Chunks of the images. */
const PARTS = 16;

/** As in Conv2DTranspose of Keras. */
export interface TransposedAttributes {
  readonly strides: readonly [number, number];
  readonly padding: 'same' | 'valid';
  readonly relu: boolean;
}

/**
 * Transposed convolution with bias and optional rectifier.
 *
 * @param x (images, height, width, inputs)
 * @param filter (kernel height, kernel width, outputs, inputs)
 * @param bias (outputs)
 */
export function transposedConvolution(
  x: Tensor,
  filter: Tensor,
  bias: Tensor,
  { strides, padding, relu }: TransposedAttributes,
): Tensor {
  const [down, across] = [0, 1].map((axis) => {
    const [size, kernel] = [x.shape[axis + 1]!, filter.shape[axis]!];
    return axisOf(size, kernel, strides[axis]!, padding);
  }) as [Axis, Axis];
  const places = engine().runKernel<Tensor>(
    PLACES,
    { filter },
    { strides: [...strides], starts: [down.start, across.start], shape: [...filter.shape] },
  );
  const apart = engine().runKernel<Tensor>(
    FUSED_CONVOLUTION,
    { x, filter: places, bias: tile(bias, [strides[0] * strides[1]]) },
    { strides: [1, 1], pad: [[0, 0], down.pads, across.pads, [0, 0]], dataFormat: 'NHWC', relu },
  );
  return engine().runKernel<Tensor>(
    INTERLEAVED,
    { x: apart },
    { strides: [...strides], size: [down.length, across.length], shape: [...apart.shape] },
  );
}

interface Axis {
  /** of what is made */
  readonly length: number;
  /** taps of the kernel that reach over the border before the first pixel */
  readonly start: number;
  /** pixels of 0 before and after what is given */
  readonly pads: [number, number];
}

function axisOf(size: number, kernel: number, stride: number, padding: 'same' | 'valid'): Axis {
  const over = Math.max(0, kernel - stride);
  const start = padding === 'same' ? Math.floor(over / 2) : 0;
  const length = size * stride + (padding === 'same' ? 0 : over);
  const [before, after] = reachOf(kernel, stride, start);
  return { length, start, pads: [before, Math.ceil(length / stride) - size + after] };
}

/** How many of the given pixels before and after its own a place takes at most. */
function reachOf(kernel: number, stride: number, start: number): Pair {
  return [Math.floor((kernel - 1 - start) / stride), Math.ceil(start / stride)];
}

export function registerTransposedConvolution(runtime: () => KernelRuntime): void {
  putKernel(PLACES, ({ inputs, attrs }) => {
    const rt = runtime();
    const { shape, size, outputs, inputs: given, channels, taps } = placesOf(attrs);
    const out = rt.output(shape);
    rt.floats(rt.at(out), size).fill(0);
    const [from, to] = [rt.at(inputs['filter']!), rt.at(out)];
    taps.forEach((place, tap) => {
      rt.run('exchange', [[from + 4 * tap * outputs * given, given, to + 4 * place, channels, outputs, given]]);
    });
    return out;
  });
  putKernel(PLACES_GRADIENT, ({ inputs, attrs }) => {
    const rt = runtime();
    const { outputs, inputs: given, channels, taps } = placesOf(attrs);
    const out = rt.output([...numbersOf(attrs, 'shape')]);
    const [from, to] = [rt.at(inputs['dy']!), rt.at(out)];
    taps.forEach((place, tap) => {
      rt.run('exchange', [[from + 4 * place, channels, to + 4 * tap * outputs * given, given, given, outputs]]);
    });
    return out;
  });
  putGradient(PLACES, {}, (dy, _, attrs) => ({
    filter: () => engine().runKernel<Tensor>(PLACES_GRADIENT, { dy: dy as Tensor }, attrs),
  }));

  const interleave = (attrs: NamedAttrMap | undefined, given: TensorInfo, isBack: boolean): TensorInfo => {
    const rt = runtime();
    const [images, rows, columns, channels] = numbersOf(attrs, 'shape') as [number, number, number, number];
    const [[down, across], [tall, wide]] = [pairOf(attrs, 'strides'), pairOf(attrs, 'size')];
    const outputs = channels / down / across;
    const out = rt.output(isBack ? [images, rows, columns, channels] : [images, tall, wide, outputs]);
    const [apart, together] = isBack ? [out, given] : [given, out];
    const tail = [rows, columns, down, across * outputs, tall, wide * outputs, isBack ? 1 : 0];
    rt.run(
      'interleave',
      ranges(images, PARTS).map(([first, last]) => [rt.at(apart), rt.at(together), first, last, ...tail]),
    );
    return out;
  };
  putKernel(INTERLEAVED, ({ inputs, attrs }) => interleave(attrs, inputs['x']!, false));
  putKernel(INTERLEAVED_GRADIENT, ({ inputs, attrs }) => interleave(attrs, inputs['dy']!, true));
  putGradient(INTERLEAVED, {}, (dy, _, attrs) => ({
    x: () => engine().runKernel<Tensor>(INTERLEAVED_GRADIENT, { dy: dy as Tensor }, attrs),
  }));
}

/** The places of a filter, and where each of its taps, row by row, has its first number among them. */
function placesOf(attrs: NamedAttrMap | undefined) {
  const [strides, starts] = [pairOf(attrs, 'strides'), pairOf(attrs, 'starts')];
  const [high, wide, outputs, inputs] = numbersOf(attrs, 'shape') as [number, number, number, number];
  const [above, below] = reachOf(high, strides[0], starts[0]);
  const [left, right] = reachOf(wide, strides[1], starts[1]);
  const [tall, broad] = [above + below + 1, left + right + 1];
  const channels = strides[0] * strides[1] * outputs;
  const taps = Array.from({ length: high * wide }, (_, tap) => {
    const [row, column] = [Math.floor(tap / wide) - starts[0], (tap % wide) - starts[1]];
    const [down, across] = [above - Math.floor(row / strides[0]), left - Math.floor(column / strides[1])];
    const place = modulo(row, strides[0]) * strides[1] + modulo(column, strides[1]);
    return (down * broad + across) * inputs * channels + place * outputs;
  });
  return {
    shape: [tall, broad, inputs, channels],
    size: tall * broad * inputs * channels,
    outputs,
    inputs,
    channels,
    taps,
  };
}
