/** @file The wasm backend with our kernels. */
import { registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import { registerAdam } from './kernels/adam.js';
import { registerAlike } from './kernels/alike.js';
import { registerBatchNormalisation } from './kernels/batchNormalisation.js';
import { registerColumnSums } from './kernels/columnSums.js';
import { registerConcatenation } from './kernels/concatenation.js';
import { registerConvolution } from './kernels/convolution.js';
import { registerEnlargement } from './kernels/enlargement.js';
import { registerIdentity } from './kernels/identity.js';
import { registerLookup } from './kernels/lookup.js';
import { registerMaxPooling } from './kernels/maxPooling.js';
import { registerPatches } from './kernels/patches.js';
import { registerProduct } from './kernels/product.js';
import { registerRectifier } from './kernels/rectifier.js';
import { registerSegmentSums } from './kernels/segmentSums.js';
import { registerTransposedConvolution } from './kernels/transposedConvolution.js';
import { registerWeightedMean } from './kernels/weightedMean.js';
import { type KernelRuntime, kernelRuntime } from './runtime.js';

let current: KernelRuntime | undefined;

/**
 * Makes wasm with our kernels the TensorFlow.js backend of this process.
 * With another number of threads the backend is replaced, and tensors made before are lost.
 *
 * @param threads at least 1; does not change results
 */
export async function useWasm(threads: number): Promise<void> {
  if (current?.threads !== threads) {
    const next = await kernelRuntime(threads);
    removeBackend('wasm');
    current?.close();
    current = next;
    const runtime = (): KernelRuntime => current!;
    for (const register of [
      registerConvolution,
      registerProduct,
      registerColumnSums,
      registerRectifier,
      registerIdentity,
      registerConcatenation,
      registerMaxPooling,
      registerBatchNormalisation,
      registerAdam,
      registerPatches,
      registerSegmentSums,
      registerAlike,
      registerEnlargement,
      registerLookup,
      registerTransposedConvolution,
      registerWeightedMean,
    ])
      register(runtime);
    registerBackend('wasm', () => next.backend);
  }
  await setBackend('wasm');
}
