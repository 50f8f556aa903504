/** @file Finds what the normalisations of a trained network normalise, where the weights do not tell. */
import { type FoldedNorm, spreadRows } from '@jetsdk/jets';
import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { type LayersModel, type layers, model as makeModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { asTensor } from '../data/examples.js';
import { type Inputs, rowReader } from '../data/inputs.js';
import { numbersOf } from '../model/readTensors.js';
import { setWeights, weightsOf } from './epochs.js';

/** Jets that means and variances are taken over, unless there are fewer. */
const JETS = 1024;
const BATCH = 32;

/**
 * Gives BatchNormalizations the mean and variance that their inputs have over some of the jets, and a factor and a shift with which
 * the network says the same as before. Training, which normalises by the jets of a batch, then begins where inference is.
 *
 * @param norms numbers of their weights; each with factor and shift, behind a layer that has no other reader
 */
export async function settleNorms(model: LayersModel, inputs: Inputs, norms: readonly FoldedNorm[]): Promise<void> {
  if (norms.length === 0) return;
  const normed = norms.map((norm) => layerOf(model, norm));
  const sums = normed.map((layer) => new ChannelSums(layer.weights[0].shape[0]!));
  const probe = makeModel({ inputs: model.inputs, outputs: normed.map((layer) => layer.input as SymbolicTensor) });
  const [jets, ...shape] = inputs.shape;
  const rows = Uint32Array.from(spreadRows(jets, JETS));
  const read = rowReader(inputs);
  for (let first = 0; first < rows.length; first += BATCH) {
    const batch = await read(rows.subarray(first, first + BATCH));
    const outputs = tidy(() => [probe.apply(asTensor(batch, shape), { training: false })].flat() as Tensor[]);
    for (const [i, output] of outputs.entries()) {
      sums[i].add(await numbersOf(output));
      output.dispose();
    }
  }
  const weights = await weightsOf(model);
  for (const [i, { gamma, beta, mean, variance }] of norms.entries()) {
    const { epsilon } = normed[i].getConfig() as { readonly epsilon: number };
    for (let c = 0; c < weights[gamma].length; c++) {
      const scale = weights[gamma][c] / Math.sqrt(weights[variance][c] + epsilon);
      const shift = weights[beta][c] - weights[mean][c] * scale;
      const [newMean, newVariance] = sums[i].momentsOf(c);
      weights[gamma][c] = scale * Math.sqrt(newVariance + epsilon);
      weights[beta][c] = shift + newMean * scale;
      weights[mean][c] = newMean;
      weights[variance][c] = newVariance;
    }
  }
  setWeights(model, weights);
}

function layerOf(model: LayersModel, { gamma }: FoldedNorm): layers.Layer {
  const weight = model.weights[gamma];
  return model.layers.find((layer) => layer.weights.includes(weight))!;
}

/** Sums of numbers and of their squares, channels last. */
class ChannelSums {
  private readonly sums: Float64Array;
  private readonly squares: Float64Array;
  private count = 0;

  constructor(channels: number) {
    this.sums = new Float64Array(channels);
    this.squares = new Float64Array(channels);
  }

  add(numbers: Float32Array): void {
    const channels = this.sums.length;
    for (let i = 0; i < numbers.length; i += channels)
      for (let c = 0; c < channels; c++) {
        const number = numbers[i + c];
        this.sums[c] += number;
        this.squares[c] += number * number;
      }
    this.count += numbers.length / channels;
  }

  momentsOf(channel: number): [mean: number, variance: number] {
    const mean = this.sums[channel] / this.count;
    return [mean, Math.max(0, this.squares[channel] / this.count - mean * mean)];
  }
}
