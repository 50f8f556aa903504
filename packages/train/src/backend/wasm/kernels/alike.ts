/** @file How much the rows of a batch are like each other, which minibatch discrimination is made of. */
import { engine, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';
import { putGradient, putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';

/** (rows, kernels · dimensions) to (rows, kernels): sums over the rows of exp(−‖difference‖₁), each pair looked at once. */
export const ALIKE = 'JetAlike';
const GRADIENT = 'JetAlikeGradient';

export function registerAlike(runtime: () => KernelRuntime): void {
  putKernel(ALIKE, ({ inputs, attrs }) => {
    const rt = runtime();
    const x = inputs['x']!;
    const { rows, kernels, dimensions } = sizesOf(x.shape, attrs);
    const out = rt.output([rows, kernels]);
    const from = rt.floats(rt.at(x), rows * kernels * dimensions);
    // a row is like itself
    const sums = new Float64Array(rows * kernels).fill(1);
    for (let a = 0; a < rows; a++)
      for (let b = a + 1; b < rows; b++)
        for (let kernel = 0; kernel < kernels; kernel++) {
          const alike = Math.exp(-distance(from, a * kernels + kernel, b * kernels + kernel, dimensions));
          sums[a * kernels + kernel]! += alike;
          sums[b * kernels + kernel]! += alike;
        }
    rt.floats(rt.at(out), sums.length).set(sums);
    return out;
  });
  putKernel(GRADIENT, ({ inputs, attrs }) => {
    const rt = runtime();
    const { x, dy } = inputs;
    const { rows, kernels, dimensions } = sizesOf(x!.shape, attrs);
    const out = rt.output(x!.shape);
    const from = rt.floats(rt.at(x!), rows * kernels * dimensions);
    const given = rt.floats(rt.at(dy!), rows * kernels);
    const sums = new Float64Array(from.length);
    for (let a = 0; a < rows; a++)
      for (let b = a + 1; b < rows; b++)
        for (let kernel = 0; kernel < kernels; kernel++) {
          const [one, other] = [a * kernels + kernel, b * kernels + kernel];
          const slope = (given[one]! + given[other]!) * Math.exp(-distance(from, one, other, dimensions));
          for (let i = one * dimensions, j = other * dimensions; i < (one + 1) * dimensions; i++, j++) {
            const change = slope * Math.sign(from[i]! - from[j]!);
            sums[i]! -= change;
            sums[j]! += change;
          }
        }
    rt.floats(rt.at(out), sums.length).set(sums);
    return out;
  });
  putGradient(ALIKE, { inputs: ['x'] }, (dy, [x], attrs) => ({
    x: () => engine().runKernel<Tensor>(GRADIENT, { x: x!, dy: dy as Tensor }, attrs),
  }));
}

function distance(x: Float32Array, one: number, other: number, dimensions: number): number {
  let sum = 0;
  for (let i = one * dimensions, j = other * dimensions; i < (one + 1) * dimensions; i++, j++)
    sum += Math.abs(x[i]! - x[j]!);
  return sum;
}

function sizesOf([rows]: readonly number[], attrs: NamedAttrMap | undefined) {
  const { kernels, dimensions } = attrs as { readonly kernels: number; readonly dimensions: number };
  return { rows: rows!, kernels, dimensions };
}
