import type { Tensor } from '@jetsdk/jets';
import type { Device, Runtime } from './runtime.js';

/** Opens a model, runs it once with all its outputs, and releases it. */
export async function runOnce(
  runtime: Runtime,
  device: Device,
  model: Uint8Array,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Tensor>> {
  const session = await runtime.open(model, { device, threads: 1, optimisation: 'extended' });
  try {
    return await session.run(
      inputs,
      session.outputs.map(({ name }) => name),
    );
  } finally {
    await session.release();
  }
}
