import { type LayerArtifacts, requireMembers } from '@jetsdk/jets';
import { type Tensor as TfTensor, tidy } from '@tensorflow/tfjs-core';
import { LayersModel } from '@tensorflow/tfjs-layers';
import { fuseLayers } from '../backend/fuse.js';
import { asTensor, checkInputs } from '../data/examples.js';
import { type Inputs, readAhead, rowNumbers, rowReader } from '../data/inputs.js';
import { modelOf } from '../model/artifacts.js';
import { numbersOf } from '../model/readTensors.js';

/**
 * Runs a network in inference mode.
 *
 * @param network a model, or artifacts from which one is made and disposed of again
 * @param inputs jets of the shape the network takes; not modified
 * @param options.batchSize jets at once, ≥ 1
 * @returns (jets × outputs) row-major
 * @throws {JetError} SHAPE_MISMATCH, NOT_FINITE as `checkInputs`
 */
export async function predict(
  network: LayersModel | LayerArtifacts,
  inputs: Inputs,
  options: { readonly batchSize?: number } = {},
): Promise<Float32Array> {
  requireMembers(
    'predict',
    network,
    ['weights'],
    'a layers model, or the artifacts of one: loadRun(folder) and loadLayersModel(path) give them',
  );
  requireMembers('predict', inputs, ['shape'], 'inputs of a network, { shape, data }');
  const model = network instanceof LayersModel ? network : await modelOf(network);
  try {
    checkInputs('predict', model, inputs);
    return await predictAll(model, inputs, options.batchSize ?? 256);
  } finally {
    if (model !== network) model.dispose();
  }
}

/** As `predict`, for a model and inputs that were checked. */
export async function predictAll(model: LayersModel, inputs: Inputs, batchSize: number): Promise<Float32Array> {
  fuseLayers(model);
  // of any shape: a network may take and give images whose lengths it leaves open
  const [jets, ...shape] = inputs.shape;
  let result = new Float32Array(0);
  const read = rowReader(inputs);
  const next = readAhead(Math.ceil(jets / batchSize), (batch, memory) =>
    read(rowNumbers(batch * batchSize, Math.min(jets, (batch + 1) * batchSize)), undefined, memory),
  );
  let used: Float32Array | undefined;
  for (let first = 0; first < jets; first += batchSize) {
    const rows = await next(used);
    const y = tidy(() => model.apply(asTensor(rows, shape), { training: false }) as TfTensor);
    const outputs = y.size / y.shape[0];
    if (first === 0) result = new Float32Array(jets * outputs);
    result.set(await numbersOf(y), first * outputs);
    y.dispose();
    used = rows;
  }
  return result;
}
