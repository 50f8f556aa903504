import { openModel } from '@jetsdk/infer';
import type { Tensor } from '@jetsdk/jets';

/** Every output of a model, opened for one run. */
export async function runModel(
  model: Uint8Array,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Tensor>> {
  const opened = await openModel(model);
  try {
    return await opened.run(inputs);
  } finally {
    await opened.close();
  }
}
