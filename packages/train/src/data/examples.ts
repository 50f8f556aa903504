/** @file Training data: one row of numbers per jet, one label per jet. */
import { JetError, sizeOf } from '@jetsdk/jets';
import { type Tensor as TfTensor, tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Inputs, inMemory } from './inputs.js';

/** Inputs of a network with their classes. */
export interface Examples {
  /** [jets, ...shape of one jet]: `JetImages`, or constituents as `Jets`; or either read by rows */
  readonly inputs: Inputs;
  /** (jets,) class numbers; for two classes 0 = background, 1 = signal */
  readonly labels: Uint8Array;
  /** (jets,) how much each jet counts, ≥ 0; default 1 */
  readonly weights?: Float32Array;
}

/**
 * Checks that a network can be fed with `inputs`.
 *
 * @param where what is checked, for the message
 * @throws {JetError} SHAPE_MISMATCH if one jet has another shape than the network's input or numbers are missing;
 *   NOT_FINITE if a number is NaN or infinite
 */
export function checkInputs(where: string, model: LayersModel, inputs: Inputs): void {
  const expected: readonly (number | null)[] = inputShapeOf(model);
  const [jets = 0, ...shape] = inputs.shape;
  // a network may leave lengths open
  if (shape.length !== expected.length || expected.some((length, i) => length !== null && length !== shape[i]))
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: jets of ${shape.join('×')}; the network expects ${expected.map((length) => length ?? '?').join('×')}; use its recipe or rebuild it`,
      { shape, expected },
    );
  if (!inMemory(inputs)) return;
  const size = sizeOf(shape);
  if (inputs.data.length !== jets * size)
    throw new JetError('SHAPE_MISMATCH', `${where}: ${inputs.data.length} numbers for ${jets} jets of ${size}`, {
      length: inputs.data.length,
      expected: jets * size,
    });
  for (let i = 0; i < inputs.data.length; i++)
    if (!Number.isFinite(inputs.data[i])) {
      const jet = Math.floor(i / size);
      throw new JetError('NOT_FINITE', `${where}: jet ${jet} holds ${inputs.data[i]}; expected finite numbers`, {
        jet,
      });
    }
}

/**
 * Checks examples for training or validation.
 *
 * @param outputs number of outputs of the network
 * @throws {JetError} as `checkInputs`; SHAPE_MISMATCH if there are not as many labels or weights as jets;
 *   BAD_DATASET if a label is no class of the network or only one class occurs; OUT_OF_RANGE for a bad weight
 */
export function checkExamples(where: string, model: LayersModel, outputs: number, examples: Examples): void {
  const { inputs, labels, weights } = examples;
  checkInputs(where, model, inputs);
  const jets = inputs.shape[0];
  const classes = Math.max(2, outputs);
  if (labels.length !== jets)
    throw new JetError('SHAPE_MISMATCH', `${where}: ${jets} jets, ${labels.length} labels; expected one per jet`, {
      jets,
      labels: labels.length,
    });
  const counts = new Array<number>(classes).fill(0);
  for (const [jet, label] of labels.entries()) {
    if (label >= classes)
      throw new JetError('BAD_DATASET', `${where}: jet ${jet} has label ${label}; expected 0 to ${classes - 1}`, {
        jet,
        label,
      });
    counts[label]++;
  }
  if (counts.filter((count) => count > 0).length < 2)
    throw new JetError(
      'BAD_DATASET',
      `${where}: ${counts.map((count, label) => `${count} jets of class ${label}`).join(', ')}; expected two classes`,
      { counts },
    );
  if (weights === undefined) return;
  if (weights.length !== jets)
    throw new JetError('SHAPE_MISMATCH', `${where}: ${jets} jets, ${weights.length} weights; expected one per jet`, {
      jets,
      weights: weights.length,
    });
  const bad = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (bad >= 0)
    throw new JetError('OUT_OF_RANGE', `${where}: jet ${bad} has weight ${weights[bad]}; expected ≥ 0 and finite`, {
      jet: bad,
    });
}

/** Shape of one jet. */
export function inputShapeOf(model: LayersModel): number[] {
  const input = Array.isArray(model.inputs) ? model.inputs[0] : model.inputs;
  return input.shape.slice(1) as number[];
}

/** Number of outputs. */
export function outputsOf(model: LayersModel): number {
  return model.outputs[0].shape.at(-1)!;
}

/** Rows as a tensor of the network's input shape. */
export function asTensor(data: Float32Array, shape: readonly number[]): TfTensor {
  return tensor(data, [data.length / sizeOf(shape), ...shape]);
}
