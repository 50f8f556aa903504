/** @file Layers that take the same input twice, as self-attention does, which TensorFlow.js frees too early at inference. */
import { layers, SymbolicTensor } from '@tensorflow/tfjs-layers';

/**
 * Gives layers that are applied to the same tensor twice an identity of it as the second. TensorFlow.js counts readers of a tensor
 * by layer and its uses by input, so that it frees the tensor before the layers that read it later.
 */
export function allowSameInputTwice(): void {
  const { prototype } = layers.Layer;
  const { apply } = prototype;
  prototype.apply = function (inputs, kwargs) {
    return apply.call(this, distinct(this, inputs), kwargs);
  };
}

type Inputs = Parameters<layers.Layer['apply']>[0];

function distinct({ name, inboundNodes }: layers.Layer, inputs: Inputs): Inputs {
  if (!Array.isArray(inputs) || !inputs.every((one) => one instanceof SymbolicTensor)) return inputs;
  return inputs.map((input, i) => {
    if (inputs.indexOf(input) === i) return input;
    const again = layers.activation({ activation: 'linear', name: `${name}_${inboundNodes.length}_again_${i}` });
    const [output] = [again.apply(input)].flat();
    return output instanceof SymbolicTensor ? output : input;
  });
}
