/** @file Models as plain data and back. */
import { JetError, type LayerArtifacts } from '@jetsdk/jets';
import { io } from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel as loadModel } from '@tensorflow/tfjs-layers';
import { fuseLayers } from '../backend/fuse.js';
import { registerLayers } from '../layers/index.js';
import { valuesOf } from './readTensors.js';

/**
 * A model as plain data.
 *
 * @returns topology as `toJSON` writes it, and copies of the weights in the order of `model.weights`
 */
export async function artifactsOf(model: LayersModel): Promise<LayerArtifacts> {
  registerLayers();
  const topology: unknown = model.toJSON(null, false);
  const values = await valuesOf(model.weights.map((weight) => weight.read()));
  return {
    topology: topology as Record<string, unknown>,
    weights: model.weights.map(({ originalName, shape }, i) => ({
      name: originalName,
      shape: shape.map(Number),
      data: values[i],
    })),
  };
}

/**
 * A model from plain data, on the selected backend; dispose of it after use.
 *
 * @throws {JetError} BAD_MODEL if topology and weights do not fit together
 */
export async function modelOf(artifacts: LayerArtifacts): Promise<LayersModel> {
  registerLayers();
  const { specs, data } = packWeights(artifacts.weights);
  try {
    const model = await loadModel(
      io.fromMemory({ modelTopology: artifacts.topology, weightSpecs: specs, weightData: data.buffer }),
    );
    fuseLayers(model);
    return model;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new JetError('BAD_MODEL', `modelOf: ${reason}`, {}, { cause });
  }
}

/** Weights as the standard format stores them: a specification each, and all numbers one after the other. */
export function packWeights(weights: LayerArtifacts['weights']): {
  specs: io.WeightsManifestEntry[];
  data: Float32Array<ArrayBuffer>;
} {
  const data = new Float32Array(weights.reduce((sum, weight) => sum + weight.data.length, 0));
  let at = 0;
  for (const weight of weights) {
    data.set(weight.data, at);
    at += weight.data.length;
  }
  return { specs: weights.map(({ name, shape }) => ({ name, shape: [...shape], dtype: 'float32' })), data };
}
