/** @file Where the kernels run: the wasm backend, its heap, its threads. */
import { JetError } from '@jetsdk/jets';
import { BackendWasm, setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { compileKernels } from './compile.js';
import { loadWasmModule, type WasmModule } from './module.js';
import { kernelPool, type Pool } from './pool.js';

/** The one wasm backend of the process. TensorFlow.js binds its kernels to a single module, so there cannot be two. */
export class KernelRuntime {
  readonly backend: BackendWasm;
  readonly #module: WasmModule;
  readonly #pool: Pool;
  readonly #buffers = new Map<string, { address: number; bytes: number }>();

  constructor(backend: BackendWasm, module: WasmModule, pool: Pool) {
    this.backend = backend;
    this.#module = module;
    this.#pool = pool;
  }

  get threads(): number {
    return this.#pool.threads;
  }

  /** Heap address of a tensor. */
  at(tensor: TensorInfo): number {
    return this.backend.getMemoryOffset(tensor.dataId) >>> 0;
  }

  /** A new float tensor, its memory not set. */
  output(shape: readonly number[]): TensorInfo {
    const tensor = this.backend.makeOutput([...shape], 'float32');
    if (this.at(tensor) === 0) throw outOfMemory(`a tensor of ${shape.join('×')}`);
    return tensor;
  }

  /** Working memory that lasts until the next request under the same name. */
  buffer(name: string, floats: number): number {
    const bytes = 4 * floats + 64;
    const held = this.#buffers.get(name);
    if (held && held.bytes >= bytes) return held.address;
    if (held) this.#module._free(held.address);
    const address = this.#module._malloc(bytes) >>> 0;
    if (address === 0) throw outOfMemory(`${bytes} bytes`);
    this.#buffers.set(name, { address, bytes });
    return address;
  }

  /** The heap as numbers; valid until the next allocation. */
  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.#module.HEAPU8.buffer, address, count);
  }

  /** As `floats`, of an int32 tensor. */
  integers(address: number, count: number): Int32Array {
    return new Int32Array(this.#module.HEAPU8.buffer, address, count);
  }

  /**
   * Runs a kernel over chunks of its work on all threads.
   *
   * @param scratch floats of working memory for each thread; its address becomes the first argument
   */
  run(kernel: string, chunks: readonly (readonly number[])[], scratch = 0): void {
    if (scratch === 0) {
      this.#pool.run(kernel, chunks);
      return;
    }
    const bytes = 4 * scratch + 64;
    const address = this.buffer('threads', ((bytes * this.threads) / 4) | 0);
    this.#pool.run(kernel, chunks, { address, bytes });
  }

  close(): void {
    this.#pool.close();
  }
}

/**
 * Loads the wasm module and the kernels.
 *
 * @param threads at least 1
 * @throws {JetError} DEVICE_UNAVAILABLE if the compiled kernels are missing
 */
export async function kernelRuntime(threads: number): Promise<KernelRuntime> {
  const shared = threads > 1;
  const kernels = compileKernels(shared);
  const module = await loadWasmModule(shared);
  const memory = module.wasmMemory ?? module.asm.memory;
  if (memory === undefined)
    throw new JetError(
      'DEVICE_UNAVAILABLE',
      'wasm backend: the TensorFlow.js module does not show its memory; expected version 4.22',
    );
  setThreadsCount(1);
  const backend = new BackendWasm(module);
  return new KernelRuntime(backend, module, await kernelPool(kernels, memory, threads));
}

function outOfMemory(what: string): JetError {
  return new JetError('LIMIT_EXCEEDED', `wasm heap: no room for ${what} in its 4 GB; use smaller batches`);
}
