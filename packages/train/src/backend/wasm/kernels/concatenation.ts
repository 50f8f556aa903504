/** @file Concat of short rows, as of images with few channels: upstream's copies each of them by a call. */
import { util } from '@tensorflow/tfjs-core';
import { putKernel, upstreamKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';

/** Numbers of a row above which a call for each row costs little. */
const SHORT = 32;

/** Registers a Concat that copies short rows number by number; the result is the same. */
export function registerConcatenation(runtime: () => KernelRuntime): void {
  putKernel('Concat', (args) => {
    // a list, whatever its type says
    const inputs = Object.values(args.inputs).filter((input) => input !== undefined);
    const shape = inputs[0].shape;
    const [axis] = util.parseAxisParam(args.attrs?.['axis'] as number, shape) as [number];
    const widths = inputs.map((input) => util.sizeFromShape(input.shape.slice(axis)));
    const plain = inputs.every(
      (input) =>
        input.dtype === 'float32' &&
        input.shape.length === shape.length &&
        input.shape.every((length, i) => length > 0 && (i === axis || length === shape[i])),
    );
    if (!plain || Math.max(...widths) > SHORT) return upstreamKernel('Concat')(args);
    const rt = runtime();
    const rows = util.sizeFromShape(shape.slice(0, axis));
    const joined = inputs.reduce((sum, input) => sum + input.shape[axis], 0);
    const out = rt.output(shape.map((length, i) => (i === axis ? joined : length)));
    const total = widths.reduce((a, b) => a + b, 0);
    const to = rt.floats(rt.at(out), rows * total);
    let first = 0;
    for (const [i, input] of inputs.entries()) {
      const width = widths[i];
      const from = rt.floats(rt.at(input), rows * width);
      for (let row = 0, at = first, read = 0; row < rows; row++, at += total)
        for (let k = 0; k < width; k++) to[at + k] = from[read++];
      first += width;
    }
    return out;
  });
}
