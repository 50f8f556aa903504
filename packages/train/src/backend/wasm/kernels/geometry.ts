/** @file Attributes of TensorFlow.js convolution and pooling kernels as numbers. */
import { backend_util, type NamedAttrMap, type TensorInfo, util } from '@tensorflow/tfjs-core';

/** Sizes, strides and leading pads of a window over channels-last images. */
export interface Geometry {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outputs: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly top: number;
  readonly left: number;
}

type Four = [number, number, number, number];

/** Geometry of a convolution, or undefined if it is channels-first or dilated. */
export function convolutionGeometry(
  xShape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
): Geometry | undefined {
  const info = backend_util.computeConv2DInfo(
    xShape as Four,
    filterShape as Four,
    attrs['strides'] as [number, number],
    (attrs['dilations'] ?? 1) as number,
    attrs['pad'] as 'same',
    attrs['dimRoundingMode'] as 'floor',
    false,
    backend_util.convertConv2DDataFormat((attrs['dataFormat'] ?? 'NHWC') as 'NHWC'),
  );
  if (info.dataFormat !== 'channelsLast' || info.dilationHeight !== 1 || info.dilationWidth !== 1) return undefined;
  return geometry(info);
}

export function poolGeometry(xShape: readonly number[], attrs: NamedAttrMap): Geometry {
  return geometry(
    backend_util.computePool2DInfo(
      xShape as Four,
      attrs['filterSize'] as [number, number],
      attrs['strides'] as [number, number],
      1,
      attrs['pad'] as 'same',
      attrs['dimRoundingMode'] as 'floor',
    ),
  );
}

function geometry(info: backend_util.Conv2DInfo): Geometry {
  return {
    images: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    inputs: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outputs: info.outChannels,
    kernelHeight: info.filterHeight,
    kernelWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
  };
}

/** A tensor as a matrix: all but its last axis are rows. */
export function asRows(tensor: TensorInfo): [rows: number, channels: number] {
  const channels = tensor.shape[tensor.shape.length - 1];
  return [util.sizeFromShape(tensor.shape) / channels, channels];
}

/** The next multiple of eight. */
export function padded(channels: number): number {
  return Math.ceil(channels / 8) * 8;
}

/** The remainder in [0, divisor), of numbers below 0 too. */
export const modulo = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;
