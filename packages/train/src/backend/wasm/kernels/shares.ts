/** @file Softmax over the last axis, and sums of products over it: rows of few numbers, for which upstream's broadcasts are slow. */
import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { putGradient, putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { asRows } from './geometry.js';

/** exp(x) over its sum along the last axis. */
export const SHARES = 'JetShares';
const SHARES_GRADIENT = 'JetSharesGradient';
/** Σ x · weights over the last axis, which stays with length 1. */
export const WEIGHTED_SUM = 'JetWeightedSum';
const SCALED = 'JetScaled';

export function registerShares(runtime: () => KernelRuntime): void {
  const valuesOf = (tensor: TensorInfo): Float32Array => {
    const [rows, width] = asRows(tensor);
    return runtime().floats(runtime().at(tensor), rows * width);
  };

  putKernel(SHARES, ({ inputs }) => {
    const x = inputs['x']!;
    const width = asRows(x)[1];
    const out = runtime().output(x.shape);
    const [from, to] = [valuesOf(x), valuesOf(out)];
    for (let first = 0; first < from.length; first += width) {
      let largest = -Infinity;
      for (let i = first; i < first + width; i++) largest = Math.max(largest, from[i]!);
      let sum = 0;
      for (let i = first; i < first + width; i++) sum += to[i] = Math.exp(from[i]! - largest);
      for (let i = first; i < first + width; i++) to[i] = to[i]! / sum;
    }
    return out;
  });
  putKernel(SHARES_GRADIENT, ({ inputs }) => {
    const { y, dy } = inputs;
    const width = asRows(y!)[1];
    const out = runtime().output(y!.shape);
    const [shares, given, to] = [valuesOf(y!), valuesOf(dy!), valuesOf(out)];
    for (let first = 0; first < to.length; first += width) {
      let sum = 0;
      for (let i = first; i < first + width; i++) sum += shares[i]! * given[i]!;
      for (let i = first; i < first + width; i++) to[i] = shares[i]! * (given[i]! - sum);
    }
    return out;
  });
  putGradient(SHARES, { outputs: [true] }, (dy, [y]) => ({
    x: () => engine().runKernel<Tensor>(SHARES_GRADIENT, { y: y!, dy: dy as Tensor }),
  }));

  putKernel(WEIGHTED_SUM, ({ inputs }) => {
    const { x, weights } = inputs;
    const width = asRows(x!)[1];
    const out = runtime().output([...x!.shape.slice(0, -1), 1]);
    const [values, shares, to] = [valuesOf(x!), valuesOf(weights!), valuesOf(out)];
    for (let row = 0, i = 0; row < to.length; row++) {
      let sum = 0;
      for (let k = 0; k < width; k++, i++) sum += values[i]! * shares[i]!;
      to[row] = sum;
    }
    return out;
  });
  putKernel(SCALED, ({ inputs }) => {
    const { x, dy } = inputs;
    const width = asRows(x!)[1];
    const out = runtime().output(x!.shape);
    const [values, given, to] = [valuesOf(x!), valuesOf(dy!), valuesOf(out)];
    for (let row = 0, i = 0; row < given.length; row++)
      for (let k = 0; k < width; k++, i++) to[i] = values[i]! * given[row]!;
    return out;
  });
  putGradient(WEIGHTED_SUM, { inputs: ['x', 'weights'] }, (dy, [x, weights]) => ({
    x: () => engine().runKernel<Tensor>(SCALED, { x: weights!, dy: dy as Tensor }),
    weights: () => engine().runKernel<Tensor>(SCALED, { x: x!, dy: dy as Tensor }),
  }));
}
