/** @file One step of Adam as one kernel. */
import { util } from '@tensorflow/tfjs-core';
import { ranges } from '../ranges.js';
import { putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';

/** Elements in a chunk below which waking a thread does not pay. */
const MIN_ELEMENTS = 32768;

/** (w, g, m, v) → new [w, m, v]; attributes beta1, beta2, rate, scale, epsilon. */
export const ADAM = 'JetAdam';

export function registerAdam(runtime: () => KernelRuntime): void {
  putKernel(ADAM, ({ inputs, attrs }) => {
    const rt = runtime();
    const { w, g, m, v } = inputs;
    const outputs = [0, 1, 2].map(() => rt.output(w!.shape));
    const addresses = [w!, g!, m!, v!, ...outputs].map((tensor) => rt.at(tensor));
    const settings = ['beta1', 'beta2', 'rate', 'scale', 'epsilon'].map((name) => attrs![name] as number);
    const size = util.sizeFromShape(w!.shape);
    rt.run(
      'adam',
      ranges(size, Math.ceil(size / MIN_ELEMENTS), 4).map(([first, last]) => [...addresses, first, last, ...settings]),
    );
    return outputs;
  });
}
