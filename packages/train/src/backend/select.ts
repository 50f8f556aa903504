/** @file Chooses what TensorFlow.js computes on in Node. */
import { availableParallelism } from 'node:os';
import util from 'node:util';
import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { type BackendName, type SelectedBackend, type Starters, startFirst, useCpu } from './backend.js';
import { useWasm } from './wasm/index.js';
import { requireAdapter, useWebgpu } from './webgpu.js';

const MAX_THREADS = 8;

/**
 * Starts a training backend; `auto` takes the first that works of tfjs-node-gpu, tfjs-node and wasm, in a browser of
 * webgpu and cpu.
 *
 * Results depend on the backend, but not on the number of threads.
 *
 * @param choice a backend by name, or `auto`
 * @param options.threads of the wasm backend, 1 to 64; default: the processors, at most 8
 * @throws {JetError} BAD_ARGUMENT for an unknown name or thread count; DEVICE_UNAVAILABLE if the named backend does
 *   not start here (`details.reasons`)
 */
export async function selectBackend(
  choice: BackendName | 'auto' = 'auto',
  options: { readonly threads?: number } = {},
): Promise<SelectedBackend> {
  const threads = options.threads ?? Math.min(MAX_THREADS, availableParallelism());
  return startFirst(choice, ['tfjs-node-gpu', 'tfjs-node', 'wasm'], starters, threads);
}

const starters: Starters = {
  wasm: async (threads) => {
    await useWasm(threads);
    return threads;
  },
  cpu: useCpu,
  webgpu: useDawn,
  'tfjs-node': () => useNative('@tensorflow/tfjs-node'),
  'tfjs-node-gpu': () => useNative('@tensorflow/tfjs-node-gpu'),
};

let gpu: GPU | undefined;

/** Node has no WebGPU of its own; the package `webgpu` is that of Chromium. */
async function useDawn(): Promise<number> {
  const { create, globals } = await import('webgpu');
  // A second one, or losing the first, ends the process with the devices that are in use.
  gpu ??= create([]);
  await requireAdapter(gpu);
  // TensorFlow.js looks for what a browser has.
  Object.assign(globalThis, globals);
  if (!('navigator' in globalThis)) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  await useWebgpu();
  return 1;
}

/** Loads TensorFlow's own library through its optional package. */
async function useNative(specifier: string): Promise<number> {
  // tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 removed.
  const shim = util as { isNullOrUndefined?: (value: unknown) => boolean };
  shim.isNullOrUndefined ??= (value) => value === null || value === undefined;
  await import(specifier);
  await setBackend('tensorflow');
  if (getBackend() !== 'tensorflow') throw new Error(`${specifier} loaded but did not start`);
  return availableParallelism();
}
