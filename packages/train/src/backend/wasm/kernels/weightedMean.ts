/** @file Means over the last axis, weighted by a softmax: rows of few numbers, for which upstream's broadcasts are slow. */
import { customGrad, engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { ranges } from '../ranges.js';
import { putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { asRows } from './geometry.js';

const MEAN = 'JetWeightedMean';
const GRADIENT = 'JetWeightedMeanGradient';

/** Chunks at most, and numbers in a chunk below which waking a thread does not pay. */
const PARTS = 16;
const MIN_ELEMENTS = 32768;

/**
 * Σ x · softmax(logits) over the last axis, which stays with length 1.
 *
 * @param x @param logits of one shape
 */
export function weightedMean(x: Tensor, logits: Tensor): Tensor {
  const mean = customGrad((...given) => {
    const [y, weights] = engine().runKernel<[Tensor, Tensor]>(MEAN, { x, logits });
    const save = given.at(-1);
    if (typeof save === 'function') save([x, weights]);
    const gradFunc = (dy: Tensor, [kept, shares]: Tensor[]): Tensor[] =>
      engine().runKernel<Tensor[]>(GRADIENT, { x: kept!, weights: shares!, dy });
    return { value: y, gradFunc };
  });
  return mean(x, logits);
}

export function registerWeightedMean(runtime: () => KernelRuntime): void {
  /** Runs a kernel over the rows of the first of `given`. */
  const made = (kernel: string, given: readonly TensorInfo[], shapes: readonly (readonly number[])[]): TensorInfo[] => {
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
  putKernel(MEAN, ({ inputs: { x, logits } }) =>
    made('weightedMean', [x!, logits!], [[...x!.shape.slice(0, -1), 1], x!.shape]),
  );
  putKernel(GRADIENT, ({ inputs: { x, weights, dy } }) =>
    made('weightedMeanGradient', [x!, weights!, dy!], [x!.shape, x!.shape]),
  );
}
