/** @file The parts of the Convolutional Visual Network. */
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { BuildContext } from '../networks/network.js';

/** The part before the views come together, and the module behind it. */
export interface CvnParts {
  /** the last pooling included; names of its layers begin with `prefix` */
  tower(view: SymbolicTensor, prefix: string): SymbolicTensor;
  inception(x: SymbolicTensor, name: string): SymbolicTensor;
}

/**
 * A network of the family: `body` leads from the image to the last inception module, average and softmax follow.
 *
 * @see Aurisano et al.: A convolutional neural network neutrino event classifier, arXiv:1604.01444, figures 2 and 3
 */
export function cvnModel(
  name: string,
  { layers, inputShape, outputs }: Pick<BuildContext, 'layers' | 'inputShape' | 'outputs'>,
  body: (image: SymbolicTensor, parts: CvnParts) => SymbolicTensor,
): LayersModel {
  const conv = (x: SymbolicTensor, name: string, filters: number, kernelSize: number, strides = 1) =>
    layers
      .conv2d({
        name,
        filters,
        kernelSize,
        strides,
        padding: 'same',
        activation: 'relu',
      })
      .apply(x) as SymbolicTensor;
  const pool = (x: SymbolicTensor, name: string, strides = 2) =>
    layers.maxPooling2d({ name, poolSize: 3, strides, padding: 'same' }).apply(x) as SymbolicTensor;
  // A size of 5 and α = 1e-4 over the size, as the Caffe layer of the original has it.
  const lrn = (x: SymbolicTensor, name: string) =>
    layers
      .localResponseNormalization({ name, depthRadius: 2, bias: 1, alpha: 2e-5, beta: 0.75 })
      .apply(x) as SymbolicTensor;
  const inception = (x: SymbolicTensor, name: string) =>
    layers
      .concatenate({ name })
      .apply([
        conv(x, `${name}_1x1`, 64, 1),
        conv(conv(x, `${name}_3x3_reduce`, 96, 1), `${name}_3x3`, 128, 3),
        conv(conv(x, `${name}_5x5_reduce`, 16, 1), `${name}_5x5`, 32, 5),
        conv(pool(x, `${name}_pool`, 1), `${name}_pool_project`, 32, 1),
      ]) as SymbolicTensor;
  const tower = (view: SymbolicTensor, prefix: string): SymbolicTensor => {
    let x = lrn(pool(conv(view, `${prefix}conv_1`, 64, 7, 2), `${prefix}pool_1`), `${prefix}lrn_1`);
    x = conv(conv(x, `${prefix}conv_2_reduce`, 64, 1), `${prefix}conv_2`, 192, 3);
    x = pool(lrn(x, `${prefix}lrn_2`), `${prefix}pool_2`);
    return pool(inception(inception(x, `${prefix}inception_1`), `${prefix}inception_2`), `${prefix}pool_3`);
  };

  const image = layers.input({ name: 'image', shape: [...inputShape] });
  const features = body(image, { tower, inception });
  const average = layers.globalAveragePooling2d({ name: 'average' }).apply(features) as SymbolicTensor;
  const probabilities = layers
    .dense({ name: 'probabilities', units: outputs, activation: outputs === 1 ? 'sigmoid' : 'softmax' })
    .apply(average) as SymbolicTensor;
  return layers.model({ name, inputs: image, outputs: probabilities });
}
