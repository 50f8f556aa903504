/** @file Softmax over the last axis, and sums of products over it: rows of few numbers, for which upstream's broadcasts are slow. */
import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { ranges } from '../ranges.js';
import { putGradient, putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { asRows } from './geometry.js';

/** exp(x) over its sum along the last axis. */
export const SHARES = 'JetShares';
const SHARES_GRADIENT = 'JetSharesGradient';
/** Σ x · weights over the last axis, which stays with length 1. */
export const WEIGHTED_SUM = 'JetWeightedSum';
const WEIGHTED_SUM_GRADIENT = 'JetWeightedSumGradient';

/** Chunks at most, and numbers in a chunk below which waking a thread does not pay. */
const PARTS = 16;
const MIN_ELEMENTS = 32768;

export function registerShares(runtime: () => KernelRuntime): void {
  /** Runs a kernel over the rows of the first of `given`. */
  const made = (kernel: string, given: readonly TensorInfo[], ...shapes: (readonly number[])[]): TensorInfo[] => {
    const rt = runtime();
    const outs = shapes.map((shape) => rt.output(shape));
    const [rows, width] = asRows(given[0]!);
    const addresses = [...given, ...outs].map((tensor) => rt.at(tensor));
    const chunks = ranges(rows, Math.min(PARTS, Math.ceil((rows * width) / MIN_ELEMENTS)));
    rt.run(
      kernel,
      chunks.map(([first, last]) => [...addresses, first, last, width]),
    );
    return outs;
  };

  putKernel(SHARES, ({ inputs: { x } }) => made('shares', [x!], x!.shape)[0]!);
  putKernel(SHARES_GRADIENT, ({ inputs: { y, dy } }) => made('sharesGradient', [y!, dy!], y!.shape)[0]!);
  putGradient(SHARES, { outputs: [true] }, (dy, [y]) => ({
    x: () => engine().runKernel<Tensor>(SHARES_GRADIENT, { y: y!, dy: dy as Tensor }),
  }));

  putKernel(
    WEIGHTED_SUM,
    ({ inputs: { x, weights } }) => made('weightedSum', [x!, weights!], [...x!.shape.slice(0, -1), 1])[0]!,
  );
  putKernel(WEIGHTED_SUM_GRADIENT, ({ inputs: { x, weights, dy } }) =>
    made('weightedSumGradient', [x!, weights!, dy!], x!.shape, x!.shape),
  );
  putGradient(WEIGHTED_SUM, { inputs: ['x', 'weights'] }, (dy, saved) => {
    const [x, weights] = saved as [Tensor, Tensor];
    const given = { x, weights, dy: dy as Tensor };
    const [dx, dWeights] = engine().runKernel<[Tensor, Tensor]>(WEIGHTED_SUM_GRADIENT, given);
    return { x: () => dx, weights: () => dWeights };
  });
}
