/** @file TensorFlow.js models for the tests: to artifacts, and run. */
import '@tensorflow/tfjs-backend-cpu';
import type { LayerArtifacts, Tensor } from '@jetsdk/jets';
import * as tfc from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

await tfc.setBackend('cpu');

/** As `@jetsdk/train` hands them over. */
export function artifactsOf(model: LayersModel): LayerArtifacts {
  return {
    topology: model.toJSON(null, false) as Record<string, unknown>,
    weights: model.weights.map((weight) => ({
      name: weight.name,
      shape: weight.shape.map(Number),
      data: Float32Array.from(weight.read().dataSync()),
    })),
  };
}

/** Random weights everywhere: the initial ones of biases and statistics would hide mistakes. */
export function randomiseWeights(model: LayersModel, normal: () => number): void {
  for (const weight of model.weights) {
    const shape = weight.shape.map(Number);
    const length = shape.reduce((a, b) => a * b, 1);
    const fan = Math.max(
      1,
      shape.slice(0, -1).reduce((a, b) => a * b, 1),
    );
    const values = Float32Array.from({ length }, () =>
      /variance/.test(weight.name)
        ? 0.5 + normal() ** 2
        : /kernel|embeddings/.test(weight.name)
          ? normal() / Math.sqrt(fan)
          : normal(),
    );
    const tensor = tfc.tensor(values, shape);
    weight.write(tensor);
    tensor.dispose();
  }
}

/** Outputs of a model at inference, in the order of its outputs. */
export function predict(model: LayersModel, inputs: readonly Tensor[]): Tensor[] {
  return tfc.tidy(() => {
    const tensors = inputs.map(({ data, shape }) => tfc.tensor(data, [...shape]));
    const made = model.predict(tensors.length === 1 ? tensors[0] : tensors);
    return (Array.isArray(made) ? made : [made]).map((tensor) => ({
      shape: tensor.shape,
      data: Float32Array.from(tensor.dataSync()),
    }));
  });
}
