/** @file Convolution with bias and rectifier, and its gradients. */
import { engine, type Tensor, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { ranges } from '../ranges.js';
import { putGradient, putKernel, upstreamKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { convolutionGeometry, type Geometry, padded } from './geometry.js';
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

/** `panels` are the filter's, `dilation` spreads the pixels of x. */
function convolve(
  rt: KernelRuntime,
  x: number,
  panels: number,
  bias: number,
  y: number,
  g: Geometry,
  relu: boolean,
  dilation: readonly [number, number] = [1, 1],
): void {
  const tiles = dilation[0] === 1 && dilation[1] === 1 ? winogradTiles(g) : undefined;
  if (tiles) {
    convolveTiles(rt, x, panels, bias, y, g, relu, tiles);
    return;
  }
  const tail = [
    ...[g.height, g.width, g.inputs, g.outHeight, g.outWidth, g.outputs, g.kernelHeight, g.kernelWidth],
    ...[g.strideHeight, g.strideWidth, ...dilation, g.top, g.left, relu ? 1 : 0],
  ];
  rt.run(
    'convolution',
    ranges(g.images, PARTS).map(([first, last]) => [x, panels, bias, y, first, last, ...tail]),
    frameSize(g),
  );
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

/** The gradient of the input is a convolution of dy, spread by the strides, with the reversed filter. */
function inputGradient(rt: KernelRuntime, dy: TensorInfo, filter: TensorInfo, g: Geometry): TensorInfo {
  const out = rt.output([g.images, g.height, g.width, g.inputs]);
  const backward: Geometry = {
    ...g,
    height: g.outHeight,
    width: g.outWidth,
    inputs: g.outputs,
    outHeight: g.height,
    outWidth: g.width,
    outputs: g.inputs,
    strideHeight: 1,
    strideWidth: 1,
    top: g.kernelHeight - 1 - g.top,
    left: g.kernelWidth - 1 - g.left,
  };
  const taps = g.kernelHeight * g.kernelWidth;
  const panels = rt.buffer('panels', taps * g.outputs * padded(g.inputs));
  rt.run('packReversed', [[rt.at(filter), taps, g.inputs, g.outputs, panels]]);
  convolve(rt, rt.at(dy), panels, 0, rt.at(out), backward, false, [g.strideHeight, g.strideWidth]);
  return out;
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
    tiles?.scratch ?? frameSize(g) + 4,
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
