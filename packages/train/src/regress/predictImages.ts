import { type JetImages, jetImages, type LayerArtifacts, sizeOf } from '@jetsdk/jets';
import { dispose, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { LayersModel } from '@tensorflow/tfjs-layers';
import { fuseLayers } from '../backend/fuse.js';
import { asTensor } from '../data/examples.js';
import { modelOf } from '../model/artifacts.js';
import { numbersOf } from '../model/readTensors.js';
import { checkImageInputs, type ImageInputs, inOrder } from './examples.js';

/**
 * Runs a network from images to an image in inference mode.
 *
 * @param network a model, or artifacts from which one is made and disposed of again
 * @param inputs by the names of its inputs; not modified
 * @param options jets at once, ≥ 1
 * @returns (jets, height, width, channels)
 * @throws {JetError} SHAPE_MISMATCH, NOT_FINITE for images that do not fit
 */
export async function predictImages(
  network: LayersModel | LayerArtifacts,
  inputs: ImageInputs,
  { batchSize = 256 }: { readonly batchSize?: number } = {},
): Promise<JetImages> {
  const model = network instanceof LayersModel ? network : await modelOf(network);
  try {
    const jets = checkImageInputs('predictImages', model, inputs);
    fuseLayers(model);
    const [height, width, channels] = model.outputs[0].shape.slice(1).map(Number) as [number, number, number];
    const data = new Float32Array(jets * height * width * channels);
    for (let first = 0; first < jets; first += batchSize) {
      const last = Math.min(jets, first + batchSize);
      const tensors = inOrder(model, inputs).map(({ shape, data: pixels }) => {
        const size = sizeOf(shape.slice(1));
        return asTensor(pixels.slice(first * size, last * size), shape.slice(1));
      });
      const y = tidy(() => model.apply(tensors.length === 1 ? tensors[0] : tensors, { training: false }) as Tensor);
      data.set(await numbersOf(y), first * height * width * channels);
      dispose([...tensors, y]);
    }
    return jetImages(data, [height, width, channels]);
  } finally {
    if (model !== network) model.dispose();
  }
}
