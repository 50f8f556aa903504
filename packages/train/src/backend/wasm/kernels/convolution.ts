/** @file Convolution with bias and rectifier, and its gradients. */
import { engine, type Tensor, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { ranges } from '../ranges.js';
import { putGradient, putKernel, upstreamKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import type { Pair } from './attributes.js';
import { convolutionGeometry, type Geometry, modulo, padded } from './geometry.js';
import { paddedBias } from './product.js';
import { rectifierGradient } from './rectifier.js';
import { CORNER, filterPoints, type Tiles, winogradTiles } from './winograd.js';

/** Chunks of a convolution: enough to keep uneven threads busy. */
const PARTS = 16;
/** Partial sums of a filter gradient: a fixed number, so that the thread count does not change the result. */
const PARTIAL_SUMS = 8;

/** Conv2D + bias + optional rectifier, with its gradient in one kernel; `filter` as in Conv2D. */
export const FUSED_CONVOLUTION = 'JetConv2D';

/** Registers Conv2D, FusedConv2D, their gradients and `JetConv2D`. */
export function registerConvolution(runtime: () => KernelRuntime): void {
  const forward = (x: TensorInfo, filter: TensorInfo, bias: TensorInfo | undefined, g: Geometry, relu: boolean) => {
    const rt = runtime();
    const out = rt.output([g.images, g.outHeight, g.outWidth, g.outputs]);
    const biasAt = bias ? paddedBias(rt, bias, g.outputs) : 0;
    const rows = g.kernelHeight * g.kernelWidth * g.inputs;
    const panels = rt.buffer('panels', rows * padded(g.outputs));
    rt.run('packPanels', [[rt.at(filter), 4 * g.outputs, 4, rows, g.outputs, panels]]);
    convolve(rt, rt.at(x), panels, biasAt, rt.at(out), g, relu);
    return out;
  };

  for (const name of ['Conv2D', 'FusedConv2D'])
    putKernel(name, (args) => {
      const { x, filter, bias, preluActivationWeights } = args.inputs;
      const attrs = args.attrs ?? {};
      const activation = attrs['activation'] ?? 'linear';
      const g = convolutionGeometry(x!.shape, filter!.shape, attrs);
      if (!g || preluActivationWeights || (activation !== 'linear' && activation !== 'relu'))
        return upstreamKernel(name)(args);
      return forward(x!, filter!, bias, g, activation === 'relu');
    });

  putKernel('Conv2DBackpropInput', (args) => {
    const { dy, filter } = args.inputs;
    const attrs = args.attrs ?? {};
    const g = convolutionGeometry(attrs['inputShape'] as number[], filter!.shape, attrs);
    return g ? inputGradient(runtime(), dy!, filter!, g) : upstreamKernel('Conv2DBackpropInput')(args);
  });

  putKernel('Conv2DBackpropFilter', ({ inputs, attrs }) => {
    const { x, dy } = inputs;
    const g = convolutionGeometry(x!.shape, attrs!['filterShape'] as number[], attrs!);
    if (!g) throw new Error('Conv2DBackpropFilter: only channels-last images without dilation have this gradient');
    return filterGradient(runtime(), x!, dy!, g);
  });

  putKernel(FUSED_CONVOLUTION, ({ inputs, attrs }) => {
    const { x, filter, bias } = inputs;
    const g = convolutionGeometry(x!.shape, filter!.shape, attrs!)!;
    return forward(x!, filter!, bias!, g, attrs!['relu'] as boolean);
  });

  putGradient(FUSED_CONVOLUTION, { inputs: ['x', 'filter'], outputs: [true] }, (dy, saved, attrs) => {
    const [x, filter, y] = saved as [Tensor, Tensor, Tensor];
    const [d, bias] = rectifierGradient(y, dy as Tensor, attrs['relu'] as boolean);
    const { strides, pad } = attrs;
    const shared = { strides: strides!, pad: pad!, dataFormat: 'NHWC' };
    return {
      x: () => engine().runKernel('Conv2DBackpropInput', { dy: d, filter }, { ...shared, inputShape: x.shape }),
      filter: () => engine().runKernel('Conv2DBackpropFilter', { x, dy: d }, { ...shared, filterShape: filter.shape }),
      bias: () => bias,
    };
  });
}

/** `panels` are the filter's. */
function convolve(
  rt: KernelRuntime,
  x: number,
  panels: number,
  bias: number,
  y: number,
  g: Geometry,
  relu: boolean,
): void {
  const tiles = winogradTiles(g);
  if (tiles) {
    convolveTiles(rt, x, panels, bias, y, g, relu, tiles);
    return;
  }
  const pitch = pitchOf([g.outHeight, g.outWidth, g.outputs]);
  rt.run('convolution', convolutions(x, panels, bias, y, g, relu, pitch), frameSize(g));
}

/** Bytes from a pixel to the next, from a row to the next and from an image to the next. */
type Pitch = readonly [pixel: number, row: number, image: number];

const pitchOf = ([height, width, channels]: readonly [number, number, number]): Pitch => [
  4 * channels,
  4 * width * channels,
  4 * height * width * channels,
];

/** What `convolution` of the compiled kernels is called with, part by part. */
function convolutions(
  x: number,
  panels: number,
  bias: number,
  y: number,
  g: Geometry,
  relu: boolean,
  pitch: Pitch,
): number[][] {
  const tail = [
    ...[g.height, g.width, g.inputs, g.outHeight, g.outWidth, g.outputs, g.kernelHeight, g.kernelWidth],
    ...[g.strideHeight, g.strideWidth, g.top, g.left, relu ? 1 : 0, ...pitch],
  ];
  return ranges(g.images, PARTS).map(([first, last]) => [x, panels, bias, y, first, last, ...tail]);
}

function convolveTiles(
  rt: KernelRuntime,
  x: number,
  panels: number,
  bias: number,
  y: number,
  g: Geometry,
  relu: boolean,
  tiles: Tiles,
): void {
  const points = rt.buffer('points', filterPoints(g));
  rt.run(
    'filterToPoints',
    ranges(g.outputs / 8, PARTS).map(([first, last]) => [
      ...[panels, points, first, last],
      ...[g.kernelHeight, g.inputs, g.outputs],
    ]),
    CORNER,
  );
  const tail = [
    ...[g.height, g.width, g.inputs, g.outHeight, g.outWidth, g.outputs, g.kernelHeight],
    ...[g.top, g.left, relu ? 1 : 0, tiles.band],
  ];
  rt.run(
    'winograd',
    ranges(g.images, PARTS).map(([first, last]) => [x, points, bias, y, first, last, ...tail]),
    tiles.scratch,
  );
}

function frameSize(g: Geometry): number {
  const height = (g.outHeight - 1) * g.strideHeight + g.kernelHeight;
  const width = (g.outWidth - 1) * g.strideWidth + g.kernelWidth;
  return height * width * g.inputs;
}

/**
 * The gradient of the input is a convolution of dy with the reversed filter. Where the filter takes steps, the pixels at each place within
 * a step meet taps of their own: they are a convolution by themselves.
 */
function inputGradient(rt: KernelRuntime, dy: TensorInfo, filter: TensorInfo, g: Geometry): TensorInfo {
  const out = rt.output([g.images, g.height, g.width, g.inputs]);
  const parts = placesOf(g);
  const sizes = parts.map(({ part }) => part.kernelHeight * part.kernelWidth * g.outputs * padded(g.inputs));
  const panels = rt.buffer(
    'panels',
    sizes.reduce((sum, size) => sum + size, 0),
  );
  const shape = [g.kernelHeight, g.kernelWidth, g.inputs, g.outputs];
  let packed = panels;
  const filters = parts.map(({ tap }, i) => {
    const own = packed;
    packed += 4 * sizes[i]!;
    rt.run('packReversed', [[rt.at(filter), ...shape, ...tap, g.strideHeight, g.strideWidth, own]]);
    return own;
  });
  if (g.strideHeight === 1 && g.strideWidth === 1) {
    convolve(rt, rt.at(dy), panels, 0, rt.at(out), parts[0]!.part, false);
    return out;
  }
  const [pixel, row, image] = pitchOf([g.height, g.width, g.inputs]);
  const pitch = [g.strideWidth * pixel, g.strideHeight * row, image] as const;
  const calls = parts.flatMap(({ part, place: [down, across] }, i) => {
    const first = rt.at(out) + down * row + across * pixel;
    return convolutions(rt.at(dy), filters[i]!, 0, first, part, false, pitch);
  });
  rt.run('convolution', calls, Math.max(...parts.map(({ part }) => frameSize(part))));
  return out;
}

/** For each place within a step: the convolution of dy that gives the pixels there, and the first of the reversed taps that they meet. */
function placesOf(g: Geometry): { part: Geometry; place: Pair; tap: Pair }[] {
  const rows = axisPlaces(g.height, g.kernelHeight, g.strideHeight, g.top);
  const columns = axisPlaces(g.width, g.kernelWidth, g.strideWidth, g.left);
  return rows.flatMap((row) =>
    columns.map((column) => ({
      part: {
        ...{ images: g.images, height: g.outHeight, width: g.outWidth, inputs: g.outputs, outputs: g.inputs },
        ...{ outHeight: row.length, kernelHeight: row.taps, strideHeight: 1, top: row.before },
        ...{ outWidth: column.length, kernelWidth: column.taps, strideWidth: 1, left: column.before },
      },
      place: [row.place, column.place],
      tap: [row.tap, column.tap],
    })),
  );
}

/** Along one axis; `pad` pixels of 0 stand before the first of the input. */
function axisPlaces(size: number, kernel: number, stride: number, pad: number) {
  const reach = kernel - 1 - pad;
  return Array.from({ length: Math.min(stride, size) }, (_, place) => {
    const tap = modulo(reach - place, stride);
    return {
      place,
      tap,
      taps: Math.max(0, Math.ceil((kernel - tap) / stride)),
      length: Math.ceil((size - place) / stride),
      before: (reach - place - tap) / stride,
    };
  });
}

function filterGradient(rt: KernelRuntime, x: TensorInfo, dy: TensorInfo, g: Geometry): TensorInfo {
  const out = rt.output([g.kernelHeight, g.kernelWidth, g.inputs, g.outputs]);
  const tiles = winogradTiles(g);
  const channels = padded(g.outputs);
  const rows = g.kernelHeight * g.kernelWidth * g.inputs;
  const size = rows * channels;
  const parts = ranges(g.images, PARTIAL_SUMS);
  const sums = rt.buffer('partials', parts.length * size);
  let gradient = rt.at(dy);
  if (channels !== g.outputs) {
    const pixels = util.sizeFromShape(dy.shape) / g.outputs;
    gradient = rt.buffer('padded', pixels * channels);
    rt.run('padRows', [[rt.at(dy), gradient, pixels, g.outputs, channels]]);
  }
  const sizes = [g.height, g.width, g.inputs, g.outHeight, g.outWidth, channels];
  const tail = tiles
    ? [...sizes, g.kernelHeight, g.top, g.left, tiles.band]
    : [...sizes, g.kernelHeight, g.kernelWidth, g.strideHeight, g.strideWidth, g.top, g.left];
  rt.run(
    tiles ? 'winogradFilterGradient' : 'convolutionFilterGradient',
    parts.map(([first, last], i) => [rt.at(x), gradient, sums + 4 * i * size, first, last, ...tail]),
    tiles?.scratch ?? frameSize(g) + 4 + size,
  );
  rt.run(
    'addPartials',
    ranges(rows, PARTS).map(([first, last]) => [
      ...[sums, parts.length, size, rt.at(out), first, last],
      ...[g.outputs, channels],
    ]),
  );
  return out;
}
