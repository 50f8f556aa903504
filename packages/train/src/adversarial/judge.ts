/** @file What a discriminator makes of images. */
import type { Tensor } from '@jetsdk/jets';
import { type Tensor as TfTensor, tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

export const asTf = ({ data, shape }: Tensor): TfTensor => tensor(data, [...shape, 1]);

export const column = (values: Float32Array): TfTensor => tensor(values, [values.length, 1]);

/** Inputs of a model get a number behind their name where it was used before. */
const nameOf = (input: string): string => input.replace(/_\d+$/, '');

/**
 * Outputs of a discriminator, logits: `real`, then its heads.
 *
 * @param images (rows, height, width, 1) each, divided by their scale
 * @param asked by name, one number per row
 */
export function judge(
  discriminator: LayersModel,
  images: readonly TfTensor[],
  asked: Readonly<Record<string, Float32Array>>,
  training: boolean,
): TfTensor[] {
  const seen = discriminator.inputs.slice(images.length).map(({ name }) => column(asked[nameOf(name)]));
  const inputs = [...images, ...seen];
  return [discriminator.apply(inputs.length === 1 ? inputs[0] : inputs, { training }) as TfTensor | TfTensor[]].flat();
}
