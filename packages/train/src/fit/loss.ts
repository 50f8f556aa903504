/** @file Cross-entropy of predicted probabilities, in float64. */
import { abs, clipByValue, div, sub, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';

/** Loss of a batch, and where it points. */
export interface BatchLoss {
  /** mean over the jets of weight · cross-entropy */
  readonly loss: number;
  /** jets whose most probable class is their label */
  readonly correct: number;
  /** dloss/dprobability, as long as the probabilities */
  readonly gradient: Float32Array;
}

/** Probabilities are kept this far from 0 and 1. */
const EPSILON = 1e-7;

/**
 * Binary cross-entropy for one output (the signal probability), categorical for more.
 *
 * @param probabilities (jets × outputs)
 * @param outputs 1 or the number of classes
 * @param labels (jets,) class numbers
 * @param weights (jets,) or undefined for 1
 */
export function crossEntropy(
  probabilities: ArrayLike<number>,
  outputs: number,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): BatchLoss {
  const jets = labels.length;
  const gradient = new Float32Array(probabilities.length);
  let loss = 0;
  let correct = 0;
  for (let i = 0; i < jets; i++) {
    const weight = (weights?.[i] ?? 1) / jets;
    const label = labels[i];
    const at = outputs === 1 ? i : i * outputs + label;
    const p = probabilities[at];
    const likelihood = outputs === 1 && label === 0 ? 1 - p : p;
    loss -= weight * Math.log(clip(likelihood));
    gradient[at] = ((outputs === 1 && label === 0 ? 1 : -1) * weight) / clip(likelihood);
    if (outputs === 1 ? (p > 0.5 ? 1 : 0) === label : mostProbable(probabilities, i, outputs) === label) correct++;
  }
  return { loss, correct, gradient };
}

/** The gradient of `crossEntropy` as a tensor, from probabilities that are not read; in float32. */
export function crossEntropyGradient(
  probabilities: Tensor,
  outputs: number,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Tensor {
  const jets = labels.length;
  const toward = new Float32Array(jets * outputs);
  const opposite = new Float32Array(jets * outputs);
  for (let i = 0; i < jets; i++) {
    const weight = (weights?.[i] ?? 1) / jets;
    const label = labels[i];
    const background = outputs === 1 && label === 0;
    const at = outputs === 1 ? i : i * outputs + label;
    toward[at] = background ? weight : -weight;
    opposite[at] = background ? 1 : 0;
  }
  return tidy(() => {
    const likelihood = abs(sub(probabilities, tensor(opposite, probabilities.shape)));
    return div(tensor(toward, probabilities.shape), clipByValue(likelihood, EPSILON, 1 - EPSILON));
  });
}

/** NaN stays NaN. */
function clip(p: number): number {
  return Math.max(EPSILON, Math.min(p, 1 - EPSILON));
}

function mostProbable(probabilities: ArrayLike<number>, jet: number, outputs: number): number {
  let best = 0;
  for (let k = 1; k < outputs; k++)
    if (probabilities[jet * outputs + k] > probabilities[jet * outputs + best]) best = k;
  return best;
}
