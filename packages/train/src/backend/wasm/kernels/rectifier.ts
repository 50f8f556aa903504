/** @file Gradient of rectifier and bias in one pass. */
import { engine, getKernel, type Tensor } from '@tensorflow/tfjs-core';
import { putGradient, putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { columnSums, columnTotals } from './columnSums.js';
import { asRows } from './geometry.js';

/** max(0, x), with its gradient in one pass. */
export const RECTIFIER = 'JetRectifier';
const KERNEL = 'JetRectifierGradient';

export function registerRectifier(runtime: () => KernelRuntime): void {
  putKernel(KERNEL, ({ inputs }) => {
    const rt = runtime();
    const { y, dy } = inputs;
    const [rows, channels] = asRows(y!);
    const d = rt.output(y!.shape);
    const addresses = [rt.at(y!), rt.at(dy!), rt.at(d)];
    return [d, columnTotals(rt, 'rectifierGradient', addresses, rows, channels)];
  });
  putKernel(RECTIFIER, (args) => getKernel('Relu', 'wasm').kernelFunc(args));
  putGradient(RECTIFIER, { outputs: [true] }, (dy, saved) => ({
    x: () => rectifierGradient(saved[0], dy as Tensor, true)[0],
  }));
}

/** dy before the rectifier of `y`, and its sum over all but the last axis. */
export function rectifierGradient(y: Tensor, dy: Tensor, relu: boolean): [d: Tensor, bias: Tensor] {
  if (relu) return engine().runKernel<[Tensor, Tensor]>(KERNEL, { y, dy });
  return [dy, columnSums(dy)];
}
