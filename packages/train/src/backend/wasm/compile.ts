/** @file The compiled kernels. */
import { readFileSync } from 'node:fs';
import { JetError } from '@jetsdk/jets';
import { kernelFile } from './module.js';

/**
 * The kernels as a module.
 *
 * @param shared for memory that is shared between threads
 * @throws {JetError} DEVICE_UNAVAILABLE if they have not been compiled
 */
export function compileKernels(shared: boolean): WebAssembly.Module {
  const file = kernelFile(shared ? 'kernels-shared.wasm' : 'kernels.wasm');
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(readFileSync(file));
  } catch (cause) {
    throw new JetError(
      'DEVICE_UNAVAILABLE',
      `wasm backend: no compiled kernels at ${file}; run npm run build:kernels -w @jetsdk/train`,
      { file },
      { cause },
    );
  }
  return new WebAssembly.Module(bytes);
}
