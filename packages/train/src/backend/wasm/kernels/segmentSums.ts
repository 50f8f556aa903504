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
    rt.floats(rt.at(out), segments * width).fill(0);
    // as upstream does elsewhere, numbers below 0 and above the last belong to no sum
    rt.run('segmentSums', [[rt.at(x!), rt.at(segmentIds!), rt.at(out), rows, width, segments]]);
    return out;
  });
}
