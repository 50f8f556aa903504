/** @file The WebGPU backend of TensorFlow.js, which answers only to those who wait. */
import { JetError } from '@jetsdk/jets';
import { engine, getBackend, setBackend } from '@tensorflow/tfjs-core';

let fault: string | undefined;

/** @throws {Error} if there is no graphics card to compute on */
export async function requireAdapter(gpu: GPU): Promise<void> {
  if ((await gpu.requestAdapter({ powerPreference: 'high-performance' })) === null)
    throw new Error('no adapter: no graphics card, or no Vulkan, Metal or Direct3D 12 driver for it');
}

/**
 * Starts the WebGPU backend on `navigator.gpu`, which must have an adapter.
 *
 * @throws {Error} if it does not start
 */
export async function useWebgpu(): Promise<void> {
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const before = getBackend() as string | undefined;
  const started = await setBackend('webgpu');
  const { backend } = engine();
  if (!started || !(backend instanceof WebGPUBackend)) {
    if (before !== undefined) await setBackend(before);
    throw new Error('the adapter is there, but TensorFlow.js does not start on it');
  }
  fault = undefined;
  backend.device.addEventListener('uncapturederror', ({ error }) => {
    fault ??= error.message;
  });
  void backend.device.lost.then(({ message }) => {
    fault ??= `the graphics card is gone (${message})`;
  });
}

/** Whether tensors can be read without waiting. */
export function readsAtOnce(): boolean {
  return getBackend() !== 'webgpu';
}

/**
 * Waits for numbers; WebGPU tells of errors beside them, and they are wrong then.
 *
 * @throws {JetError} DEVICE_UNAVAILABLE after such an error, or if the card does not answer
 */
export async function fromCard<T>(numbers: Promise<T>): Promise<T> {
  const [answer] = await Promise.allSettled([numbers]);
  if (fault === undefined && answer.status === 'fulfilled') return answer.value;
  const reason = fault ?? 'the graphics card gave no answer';
  const cause = answer.status === 'rejected' ? answer.reason : undefined;
  throw new JetError(
    'DEVICE_UNAVAILABLE',
    `webgpu: ${reason.trim()}; use smaller batches or another backend`,
    { reason },
    { cause },
  );
}
