import { putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';

/** Registers an Identity that shares the memory of its input; upstream's copies it. */
export function registerIdentity(runtime: () => KernelRuntime): void {
  putKernel('Identity', ({ inputs }) => {
    const { dataId, shape, dtype } = inputs['x']!;
    runtime().backend.incRef(dataId);
    return { dataId, shape, dtype };
  });
}
