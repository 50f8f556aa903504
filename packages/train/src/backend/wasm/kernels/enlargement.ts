/** @file Images enlarged by whole numbers, each pixel as often as the size says. */
import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { putGradient, putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { pairOf } from './attributes.js';

/** (images, height, width, channels) to (images, height · down, width · across, channels). */
export const ENLARGEMENT = 'JetEnlargement';
const GRADIENT = 'JetEnlargementGradient';

export function registerEnlargement(runtime: () => KernelRuntime): void {
  putKernel(ENLARGEMENT, ({ inputs, attrs }) => {
    const rt = runtime();
    const x = inputs['x']!;
    const [images, height, width, channels] = x.shape as [number, number, number, number];
    const [down, across] = pairOf(attrs, 'size');
    const out = rt.output([images, height * down, width * across, channels]);
    const row = width * across * channels;
    const from = rt.floats(rt.at(x), images * height * width * channels);
    const to = rt.floats(rt.at(out), images * height * down * row);
    for (let line = 0, read = 0; line < images * height; line++) {
      const first = line * down * row;
      let at = first;
      for (let column = 0; column < width; column++, read += channels)
        for (let copy = 0; copy < across; copy++)
          for (let channel = 0; channel < channels; channel++) to[at++] = from[read + channel]!;
      for (let copy = 1; copy < down; copy++) to.copyWithin(first + copy * row, first, first + row);
    }
    return out;
  });
  putKernel(GRADIENT, ({ inputs, attrs }) => {
    const rt = runtime();
    const dy = inputs['dy']!;
    const [images, tall, wide, channels] = dy.shape as [number, number, number, number];
    const [down, across] = pairOf(attrs, 'size');
    const [height, width] = [tall / down, wide / across];
    const out = rt.output([images, height, width, channels]);
    const from = rt.floats(rt.at(dy), images * tall * wide * channels);
    const to = rt.floats(rt.at(out), images * height * width * channels).fill(0);
    for (let line = 0, read = 0; line < images * tall; line++) {
      let at = Math.floor(line / down) * width * channels;
      for (let column = 0; column < width; column++, at += channels)
        for (let copy = 0; copy < across; copy++)
          for (let channel = at; channel < at + channels; channel++) to[channel] = to[channel]! + from[read++]!;
    }
    return out;
  });
  putGradient(ENLARGEMENT, {}, (dy, _, attrs) => ({
    x: () => engine().runKernel<Tensor>(GRADIENT, { dy: dy as Tensor }, attrs),
  }));
}
