/** @file Gradient of rectifier and bias in one pass. */
import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { putKernel } from '../register.js';
import { type KernelRuntime, ranges } from '../runtime.js';
import { asRows } from './geometry.js';

/** Column sums are made of this many partial sums, whatever the number of threads. */
const PARTIAL_SUMS = 16;
/** Fewer rows than this in a chunk do not pay for waking a thread. */
const MIN_ROWS = 512;

const KERNEL = 'JetRectifierGradient';
const SUMS = 'JetColumnSums';

export function registerRectifier(runtime: () => KernelRuntime): void {
  putKernel(KERNEL, ({ inputs }) => {
    const rt = runtime();
    const { y, dy } = inputs;
    const [rows, channels] = asRows(y!);
    const d = rt.output(y!.shape);
    const addresses = [rt.at(y!), rt.at(dy!), rt.at(d)];
    return [d, columnTotals(rt, 'rectifierGradient', addresses, rows, channels)];
  });
  putKernel(SUMS, ({ inputs }) => {
    const rt = runtime();
    const [rows, channels] = asRows(inputs['x']!);
    return columnTotals(rt, 'columnSums', [rt.at(inputs['x']!)], rows, channels);
  });
}

/** dy before the rectifier of `y`, and its sum over all but the last axis. */
export function rectifierGradient(y: Tensor, dy: Tensor, relu: boolean): [d: Tensor, bias: Tensor] {
  if (relu) return engine().runKernel<[Tensor, Tensor]>(KERNEL, { y, dy });
  return [dy, engine().runKernel(SUMS, { x: dy })];
}

function columnTotals(rt: KernelRuntime, kernel: string, addresses: number[], rows: number, channels: number) {
  const out = rt.output([channels]);
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
    for (let i = c; i < partial.length; i += channels) sum += partial[i]!;
    total[c] = sum;
  }
  return out;
}
