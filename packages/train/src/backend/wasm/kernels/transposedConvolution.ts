/** @file Transposed convolution as a convolution: every place within a stride is a channel with taps of its own, and the channels are interleaved. */
import { engine, type NamedAttrMap, type Tensor, tile } from '@tensorflow/tfjs-core';
import { putGradient, putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { numbersOf, type Pair, pairOf } from './attributes.js';
import { FUSED_CONVOLUTION } from './convolution.js';

/** (kernel height, kernel width, outputs, inputs) to (taps down, taps across, inputs, strides · outputs): what each place within a stride takes. */
const PLACES = 'JetPlaces';
const PLACES_GRADIENT = 'JetPlacesGradient';
/** (images, rows, columns, strides · outputs) to images, which may end within a stride. */
const INTERLEAVED = 'JetInterleaved';
const INTERLEAVED_GRADIENT = 'JetInterleavedGradient';

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
    { strides: [1, 1], pad: [[0, 0], down.pads, across.pads, [0, 0]] as unknown as number[], dataFormat: 'NHWC', relu },
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
    const sizes = placesOf(attrs);
    const out = rt.output(sizes.shape);
    const from = rt.floats(rt.at(inputs['filter']!), sizes.given);
    const to = rt.floats(rt.at(out), sizes.made).fill(0);
    sizes.visit((here, there) => {
      to[there] = from[here]!;
    });
    return out;
  });
  putKernel(PLACES_GRADIENT, ({ inputs, attrs }) => {
    const rt = runtime();
    const sizes = placesOf(attrs);
    const out = rt.output([...numbersOf(attrs, 'shape')]);
    const from = rt.floats(rt.at(inputs['dy']!), sizes.made);
    const to = rt.floats(rt.at(out), sizes.given);
    sizes.visit((here, there) => {
      to[here] = from[there]!;
    });
    return out;
  });
  putGradient(PLACES, {}, (dy, _, attrs) => ({
    filter: () => engine().runKernel<Tensor>(PLACES_GRADIENT, { dy: dy as Tensor }, attrs),
  }));

  putKernel(INTERLEAVED, ({ inputs, attrs }) => {
    const rt = runtime();
    const sizes = interleavedOf(attrs);
    const out = rt.output(sizes.shape);
    const from = rt.floats(rt.at(inputs['x']!), sizes.given);
    const to = rt.floats(rt.at(out), sizes.made);
    sizes.visit((here, there, length) => {
      for (let k = 0; k < length; k++) to[there + k] = from[here + k]!;
    });
    return out;
  });
  putKernel(INTERLEAVED_GRADIENT, ({ inputs, attrs }) => {
    const rt = runtime();
    const sizes = interleavedOf(attrs);
    const out = rt.output([...numbersOf(attrs, 'shape')]);
    const from = rt.floats(rt.at(inputs['dy']!), sizes.made);
    const to = rt.floats(rt.at(out), sizes.given).fill(0);
    sizes.visit((here, there, length) => {
      for (let k = 0; k < length; k++) to[here + k] = from[there + k]!;
    });
    return out;
  });
  putGradient(INTERLEAVED, {}, (dy, _, attrs) => ({
    x: () => engine().runKernel<Tensor>(INTERLEAVED_GRADIENT, { dy: dy as Tensor }, attrs),
  }));
}

/** Where each number of the filter is among the places: `visit` gets its index in both. */
function placesOf(attrs: NamedAttrMap | undefined) {
  const [strides, starts] = [pairOf(attrs, 'strides'), pairOf(attrs, 'starts')];
  const [high, wide, outputs, inputs] = numbersOf(attrs, 'shape') as [number, number, number, number];
  const [above, below] = reachOf(high, strides[0], starts[0]);
  const [left, right] = reachOf(wide, strides[1], starts[1]);
  const [tall, broad] = [above + below + 1, left + right + 1];
  const channels = strides[0] * strides[1] * outputs;
  return {
    shape: [tall, broad, inputs, channels],
    given: high * wide * outputs * inputs,
    made: tall * broad * inputs * channels,
    visit(visit: (here: number, there: number) => void): void {
      for (let row = 0, here = 0; row < high; row++) {
        const down = above - Math.floor((row - starts[0]) / strides[0]);
        const placeDown = modulo(row - starts[0], strides[0]);
        for (let column = 0; column < wide; column++) {
          const across = left - Math.floor((column - starts[1]) / strides[1]);
          const place = placeDown * strides[1] + modulo(column - starts[1], strides[1]);
          const first = (down * broad + across) * inputs * channels + place * outputs;
          for (let output = 0; output < outputs; output++)
            for (let input = 0; input < inputs; input++, here++) visit(here, first + input * channels + output);
        }
      }
    },
  };
}

/** Where the pixels of one row and one stride across lie in one piece: `visit` gets the first index in both, and how many numbers. */
function interleavedOf(attrs: NamedAttrMap | undefined) {
  const [strides, size] = [pairOf(attrs, 'strides'), pairOf(attrs, 'size')];
  const [images, rows, columns, channels] = numbersOf(attrs, 'shape') as [number, number, number, number];
  const outputs = channels / strides[0] / strides[1];
  const piece = strides[1] * outputs;
  const line = size[1] * outputs;
  return {
    shape: [images, size[0], size[1], outputs],
    given: images * rows * columns * channels,
    made: images * size[0] * line,
    visit(visit: (here: number, there: number, length: number) => void): void {
      for (let image = 0; image < images; image++)
        for (let high = 0; high < size[0]; high++) {
          const row = image * rows + Math.floor(high / strides[0]);
          const there = (image * size[0] + high) * line;
          const first = row * columns * channels + (high % strides[0]) * piece;
          for (let column = 0; column < columns; column++)
            visit(first + column * channels, there + column * piece, Math.min(piece, line - column * piece));
        }
    },
  };
}

const modulo = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;
