/** @file The residual networks for top-tagging images, which differ in how they read the image. */
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { BuildContext } from '../networks/network.js';

/** A convolution, a normalisation and a rectifier, `conv`, `norm` and `relu` with the number of filters, their size and their steps. */
export type ReadImage = (image: SymbolicTensor, filters: number, kernelSize: number, strides: number) => SymbolicTensor;

interface ResidualSettings {
  /** of the first stage; the next has twice, the last four times as many */
  readonly filters: number;
  /** of the moving averages of the normalisations */
  readonly momentum: number;
}

/**
 * Three stages of two residual blocks behind what `stem` makes of the image, the second and third of half its height and width, then
 * average pooling and one layer of probabilities.
 *
 * @param whole numbers that belong to the jet as a whole: they shift what `stem` makes of every place, and meet the averages in a
 * hidden layer
 *
 * @see He et al.: Deep residual learning for image recognition, arXiv:1512.03385
 */
export function residualModel(
  name: string,
  { layers, inputShape, outputs }: Pick<BuildContext, 'layers' | 'inputShape' | 'outputs'>,
  { filters, momentum }: ResidualSettings,
  stem: (image: SymbolicTensor, read: ReadImage) => SymbolicTensor,
  whole?: (image: SymbolicTensor) => SymbolicTensor,
): LayersModel {
  // A bias in front of a normalisation has no gradient but rounding, which Adam scales up to steps of full length.
  const conv = (
    x: SymbolicTensor,
    name: string,
    filters: number,
    kernelSize: number,
    strides: number,
    useBias = false,
  ): SymbolicTensor =>
    layers.conv2d({ name, filters, kernelSize, strides, padding: 'same', useBias }).apply(x) as SymbolicTensor;
  const norm = (x: SymbolicTensor, name: string) =>
    layers.batchNormalization({ name, momentum }).apply(x) as SymbolicTensor;
  const relu = (x: SymbolicTensor, name: string) => layers.reLU({ name }).apply(x) as SymbolicTensor;
  const block = (x: SymbolicTensor, name: string, filters: number, strides: number): SymbolicTensor => {
    const first = relu(norm(conv(x, `${name}_conv_1`, filters, 3, strides), `${name}_norm_1`), `${name}_relu_1`);
    const second = norm(conv(first, `${name}_conv_2`, filters, 3, 1), `${name}_norm_2`);
    const shortcut =
      x.shape.at(-1) === filters && strides === 1 ? x : conv(x, `${name}_shortcut`, filters, 1, strides, true);
    const sum = layers.add({ name: `${name}_add` }).apply([second, shortcut]) as SymbolicTensor;
    return relu(sum, `${name}_relu_2`);
  };
  const image = layers.input({ name: 'image', shape: [...inputShape] });
  let x = stem(image, (x, filters, kernelSize, strides) =>
    relu(norm(conv(x, 'conv', filters, kernelSize, strides), 'norm'), 'relu'),
  );
  const numbers = whole?.(image);
  if (numbers !== undefined) {
    const shifts = layers.dense({ name: 'shifts', units: x.shape.at(-1) as number, useBias: false }).apply(numbers);
    const everywhere = layers
      .reshape({ name: 'everywhere', targetShape: [1, 1, x.shape.at(-1) as number] })
      .apply(shifts);
    x = layers.add({ name: 'shifted' }).apply([x, everywhere as SymbolicTensor]) as SymbolicTensor;
  }
  for (const [stage, width] of [1, 2, 4].map((factor) => factor * filters).entries())
    for (const half of [1, 2]) x = block(x, `block_${stage + 1}_${half}`, width, stage > 0 && half === 1 ? 2 : 1);
  x = layers.globalAveragePooling2d({ name: 'average' }).apply(x) as SymbolicTensor;
  if (numbers !== undefined) {
    const known = layers.concatenate({ name: 'known' }).apply([x, numbers]) as SymbolicTensor;
    x = layers.dense({ name: 'hidden', units: 64, activation: 'relu' }).apply(known) as SymbolicTensor;
  }
  const probabilities = layers
    .dense({ name: 'probabilities', units: outputs, activation: outputs === 1 ? 'sigmoid' : 'softmax' })
    .apply(x) as SymbolicTensor;
  return layers.model({ name, inputs: image, outputs: probabilities });
}
