/** @file Loads the TensorFlow.js wasm module in Node: single-threaded, or with memory that threads can share. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

type Call = (...values: number[]) => number;

/** The Emscripten module as the backend takes it, and what else is used of it. */
export type WasmModule = ConstructorParameters<typeof BackendWasm>[0] & {
  readonly asm: { readonly memory?: WebAssembly.Memory };
  readonly wasmMemory?: WebAssembly.Memory;
  readonly PThread?: { terminateAllThreads(): void };
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  cwrap(name: string, returns: 'number' | null, takes: readonly 'number'[]): Call;
};

/** A file of the `kernels` folder, from `src` and from `dist`. */
export function kernelFile(name: string): string {
  return fileURLToPath(new URL(`../../../kernels/${name}`, import.meta.url));
}

/**
 * Starts the module.
 *
 * @param shared true for memory that helper threads can use (the threaded-SIMD build, itself kept at one thread)
 */
export async function loadWasmModule(shared: boolean): Promise<WasmModule> {
  const require = createRequire(import.meta.url);
  const script = `@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm${shared ? '-threaded-simd' : ''}.js`;
  const folder = dirname(require.resolve(script));
  const factory: (settings: object) => Promise<WasmModule> = require(script);
  const worker = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  const module = await factory({
    locateFile: (file: string) => {
      if (file.endsWith('.worker.js')) return kernelFile('pthread.cjs');
      return join(folder, file === 'tfjs-backend-wasm.wasm' ? 'tfjs-backend-wasm-simd.wasm' : file);
    },
    mainScriptUrlOrBlob: require.resolve(script),
  });
  module.PThread?.terminateAllThreads();
  if (worker) Object.defineProperty(globalThis, 'Worker', worker);
  else Reflect.deleteProperty(globalThis, 'Worker');
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  };
  return module;
}
