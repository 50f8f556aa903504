import { JetError, type LayerArtifacts, sizeOf, type Tensor } from '@jetsdk/jets';
import { dispose, type Tensor as TfTensor, tidy } from '@tensorflow/tfjs-core';
import { LayersModel } from '@tensorflow/tfjs-layers';
import { fuseLayers } from '../backend/fuse.js';
import { asTensor } from '../data/examples.js';
import { modelOf } from '../model/artifacts.js';
import { numbersOf } from '../model/readTensors.js';

/**
 * Runs a network of any number of inputs and outputs in inference mode.
 *
 * @param network a model, or artifacts from which one is made and disposed of again
 * @param inputs (examples, …) for each of its inputs, in their order; not modified
 * @param options examples at once, ≥ 1
 * @returns (examples × numbers) for each output, row-major
 * @throws {JetError} SHAPE_MISMATCH if there is not one for each input
 */
export async function predictEach(
  network: LayersModel | LayerArtifacts,
  inputs: readonly Tensor[],
  { batchSize = 256 }: { readonly batchSize?: number } = {},
): Promise<readonly Float32Array[]> {
  const model = network instanceof LayersModel ? network : await modelOf(network);
  try {
    const [count = 0] = inputs[0]?.shape ?? [];
    if (inputs.length !== model.inputs.length || inputs.some(({ shape }) => shape[0] !== count))
      throw new JetError(
        'SHAPE_MISMATCH',
        `predictEach: inputs of shapes ${inputs.map(({ shape }) => `[${shape}]`).join(', ')}; expected as many examples for each of ${model.inputs.length} inputs`,
      );
    fuseLayers(model);
    const results: Float32Array[] = [];
    for (let first = 0; first < count; first += batchSize) {
      const last = Math.min(count, first + batchSize);
      const tensors = inputs.map(({ shape, data }) => {
        const size = sizeOf(shape.slice(1));
        return asTensor(data.slice(first * size, last * size), shape.slice(1));
      });
      const made: TfTensor[] = tidy(() => [model.apply(tensors, { training: false })].flat() as TfTensor[]);
      for (const [i, output] of made.entries()) {
        const width = output.size / (last - first);
        results[i] ??= new Float32Array(count * width);
        results[i].set(await numbersOf(output), first * width);
      }
      dispose([...tensors, ...made]);
    }
    return results;
  } finally {
    if (model !== network) model.dispose();
  }
}
