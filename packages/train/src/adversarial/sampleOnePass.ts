import { type OnePass, requireMembers, type Tensor } from '@jetsdk/jets';
import { dispose, type Tensor as TfTensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { modelOf } from '../model/artifacts.js';
import { numbersOf } from '../model/readTensors.js';

/**
 * The trainer's own images, on the selected backend: what an exported generator is compared with.
 *
 * @param noise (rows, latent), standard normal
 * @param conditions (rows, 1) each, by name
 * @returns by name, (rows, height, width) in the units of the outputs
 * @throws {JetError} BAD_MODEL
 */
export async function sampleOnePass(
  generator: OnePass,
  noise: Tensor,
  conditions: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Tensor>> {
  requireMembers('sampleOnePass', generator, ['network', 'outputs'], 'a trained generator; loadGan gives one');
  requireMembers('sampleOnePass', noise, ['shape', 'data'], 'noise, { shape, data }; normalNoise gives it');
  const { network, outputs, conditions: asked } = generator;
  const model = await modelOf(network);
  try {
    const given = [noise, ...asked.map(({ name }) => conditions[name])];
    const images = tidy(() => {
      const inputs = given.map(({ data, shape }) => tensor(data, [...shape]));
      return [model.apply(inputs, { training: false }) as TfTensor | TfTensor[]].flat();
    });
    const made: Record<string, Tensor> = {};
    for (const [k, { name, shape, scale }] of outputs.entries()) {
      const numbers = await numbersOf(images[k]);
      made[name] = { shape: [noise.shape[0], ...shape], data: Float32Array.from(numbers, (value) => value * scale) };
    }
    dispose(images);
    return made;
  } finally {
    model.dispose();
  }
}
