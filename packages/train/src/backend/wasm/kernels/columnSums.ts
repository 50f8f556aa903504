/** @file Sums over all but the last axis. */
import { engine, type KernelFunc, type Tensor, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { ranges } from '../ranges.js';
import { putKernel, upstreamKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { asRows } from './geometry.js';

/** Column sums are made of this many partial sums, whatever the number of threads. */
const PARTIAL_SUMS = 16;
/** Fewer rows than this in a chunk do not pay for waking a thread. */
const MIN_ROWS = 512;

const SUMS = 'JetColumnSums';

/**
 * Registers `JetColumnSums`, and Sum and Mean over all but the last axis; upstream adds up a million numbers one by
 * one in float32 there, which is off by 1e-3.
 */
export function registerColumnSums(runtime: () => KernelRuntime): void {
  const sums = (x: TensorInfo, shape?: readonly number[]): TensorInfo => {
    const rt = runtime();
    const [rows, channels] = asRows(x);
    return columnTotals(rt, 'columnSums', [rt.at(x)], rows, channels, shape);
  };
  putKernel(SUMS, ({ inputs }) => sums(inputs['x']!));
  const replace =
    (name: 'Sum' | 'Mean'): KernelFunc =>
    (args) => {
      const x = args.inputs['x']!;
      const last = x.shape.length - 1;
      const axes = util.parseAxisParam(args.attrs!['axis'] as number[], x.shape);
      const [rows, channels] = last > 0 ? asRows(x) : [0, 0];
      if (x.dtype !== 'float32' || axes.length !== last || axes.includes(last) || rows * channels === 0)
        return upstreamKernel(name)(args);
      const shape = args.attrs!['keepDims'] ? [...new Array<number>(last).fill(1), channels] : [channels];
      const out = sums(x, shape);
      if (name === 'Mean') {
        const values = runtime().floats(runtime().at(out), channels);
        for (let c = 0; c < channels; c++) values[c] /= rows;
      }
      return out;
    };
  putKernel('Sum', replace('Sum'));
  putKernel('Mean', replace('Mean'));
}

/** Sums over all but the last axis. */
export function columnSums(x: Tensor): Tensor {
  return engine().runKernel(SUMS, { x });
}

/**
 * Runs a kernel that adds up the rows [first, last) of each channel, and adds up its partial sums.
 *
 * @param addresses first arguments of the kernel; then come the address of its sums, first, last and channels
 * @param shape of the result
 */
export function columnTotals(
  rt: KernelRuntime,
  kernel: string,
  addresses: readonly number[],
  rows: number,
  channels: number,
  shape: readonly number[] = [channels],
): TensorInfo {
  const out = rt.output(shape);
  const parts = ranges(rows, Math.min(PARTIAL_SUMS, Math.ceil(rows / MIN_ROWS)));
  const sums = rt.buffer('partials', parts.length * channels);
  rt.run(
    kernel,
    parts.map(([first, last], i) => [...addresses, sums + 4 * i * channels, first, last, channels]),
  );
  const total = rt.floats(rt.at(out), channels);
  const partial = rt.floats(sums, parts.length * channels);
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let i = c; i < partial.length; i += channels) sum += partial[i];
    total[c] = sum;
  }
  return out;
}
