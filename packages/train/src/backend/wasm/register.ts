/** @file Puts our kernels and gradients in place of those of the wasm backend. */
import {
  type GradFunc,
  getGradient,
  getKernel,
  type KernelConfig,
  type KernelFunc,
  registerGradient,
  registerKernel,
  unregisterGradient,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

/** Upstream's kernels as they were before ours took their place. */
const upstream = new Map<string, KernelConfig>();

/** Registers a kernel of the wasm backend; upstream's of the same name stays reachable by `upstreamKernel`. */
export function putKernel(kernelName: string, kernelFunc: KernelFunc): void {
  const old = getKernel(kernelName, 'wasm');
  if (old) {
    if (!upstream.has(kernelName)) upstream.set(kernelName, old);
    unregisterKernel(kernelName, 'wasm');
  }
  const setupFunc = upstream.get(kernelName)?.setupFunc;
  registerKernel({ kernelName, backendName: 'wasm', kernelFunc, ...(setupFunc && { setupFunc }) });
}

export function upstreamKernel(kernelName: string): KernelFunc {
  return upstream.get(kernelName)!.kernelFunc;
}

export function putGradient(
  kernelName: string,
  saved: { inputs?: string[]; outputs?: boolean[] },
  gradFunc: GradFunc,
): void {
  if (getGradient(kernelName)) unregisterGradient(kernelName);
  registerGradient({
    kernelName,
    ...(saved.inputs && { inputsToSave: saved.inputs }),
    ...(saved.outputs && { outputsToSave: saved.outputs }),
    gradFunc,
  });
}
