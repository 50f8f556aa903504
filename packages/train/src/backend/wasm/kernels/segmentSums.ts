/** @file Sums of rows by number, which the gradient of an embedding is made of; upstream's wasm backend has none. */
import { util } from '@tensorflow/tfjs-core';
import { putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';

/** Registers UnsortedSegmentSum: row k of the result is the sum of the rows whose number is k. */
export function registerSegmentSums(runtime: () => KernelRuntime): void {
  putKernel('UnsortedSegmentSum', ({ inputs, attrs }) => {
    const rt = runtime();
    const { x, segmentIds } = inputs;
    const segments = attrs?.['numSegments'] as number;
    const shape = x!.shape.slice(segmentIds!.shape.length);
    const [rows, width] = [util.sizeFromShape(segmentIds!.shape), util.sizeFromShape(shape)];
    const out = rt.output([segments, ...shape]);
    const from = rt.floats(rt.at(x!), rows * width);
    const to = rt.floats(rt.at(out), segments * width).fill(0);
    const numbers = new Int32Array(from.buffer, rt.at(segmentIds!), rows);
    for (let row = 0, read = 0; row < rows; row++) {
      const at = numbers[row] * width;
      // as upstream does elsewhere, numbers below 0 and above the last belong to no sum
      if (at < 0 || at >= to.length) read += width;
      else for (let k = 0; k < width; k++) to[at + k] = to[at + k] + from[read++];
    }
    return out;
  });
}
