/** @file Images enlarged by whole numbers, each pixel as often as the size says. */
import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { ranges } from '../ranges.js';
import { putGradient, putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { pairOf } from './attributes.js';

/** (images, height, width, channels) to (images, height · down, width · across, channels). */
export const ENLARGEMENT = 'JetEnlargement';
const GRADIENT = 'JetEnlargementGradient';

/** Chunks of the rows of all images. */
const PARTS = 16;

export function registerEnlargement(runtime: () => KernelRuntime): void {
  /** @param rows of all images that are not enlarged */
  const made = (
    kernel: string,
    given: TensorInfo,
    shape: readonly number[],
    rows: number,
    tail: readonly number[],
  ): TensorInfo => {
    const rt = runtime();
    const out = rt.output(shape);
    rt.run(
      kernel,
      ranges(rows, PARTS).map(([first, last]) => [rt.at(given), rt.at(out), first, last, ...tail]),
    );
    return out;
  };
  putKernel(ENLARGEMENT, ({ inputs, attrs }) => {
    const x = inputs['x']!;
    const [images, height, width, channels] = x.shape as [number, number, number, number];
    const [down, across] = pairOf(attrs, 'size');
    const shape = [images, height * down, width * across, channels];
    return made('enlarge', x, shape, images * height, [width, channels, down, across]);
  });
  putKernel(GRADIENT, ({ inputs, attrs }) => {
    const dy = inputs['dy']!;
    const [images, tall, wide, channels] = dy.shape as [number, number, number, number];
    const [down, across] = pairOf(attrs, 'size');
    const [height, width] = [tall / down, wide / across];
    const shape = [images, height, width, channels];
    return made('enlargeGradient', dy, shape, images * height, [width, channels, down, across]);
  });
  putGradient(ENLARGEMENT, {}, (dy, _, attrs) => ({
    x: () => engine().runKernel<Tensor>(GRADIENT, { dy: dy as Tensor }, attrs),
  }));
}
