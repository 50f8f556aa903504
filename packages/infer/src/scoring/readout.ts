/** @file From the network's output to one score a jet. */
import { JetError, type Tensor } from '@jetsdk/jets';
import type { ReadoutPlan } from '../model/plan.js';

/**
 * @param output (batch, columns); rows beyond `jets` are padding
 * @param scores written from `at` on
 * @param first number of the first jet, for messages
 * @throws {JetError} BAD_MODEL if the output has another shape than planned; NOT_FINITE if a score is not finite
 */
export function readScores(
  plan: ReadoutPlan,
  output: Tensor,
  batch: number,
  jets: number,
  scores: Float32Array,
  at: number,
  first: number,
): void {
  const { columns, signalColumn, kind } = plan;
  const { data } = output;
  if (data.length !== batch * columns)
    throw new JetError(
      'BAD_MODEL',
      `score: output ${plan.output} has shape (${output.shape.join(', ')}) for ${batch} jets; expected ${columns} numbers a jet; load it with batchSize 1 if its graph takes one jet at a time`,
      { shape: output.shape, jets: batch, columns },
    );
  for (let jet = 0; jet < jets; jet++) {
    const value = data[jet * columns + signalColumn];
    const score =
      kind === 'logit'
        ? 1 / (1 + Math.exp(-value))
        : kind === 'logits'
          ? softmax(data, jet * columns, columns, value)
          : value;
    if (!Number.isFinite(score))
      throw new JetError(
        'NOT_FINITE',
        `score: the model gives ${score} for jet ${first + jet}, whose input is finite; expected a number; the model is broken or overflows`,
        { jet: first + jet },
      );
    scores[at + jet] = score;
  }
}

function softmax(data: Float32Array, from: number, columns: number, value: number): number {
  let sum = 0;
  for (let c = 0; c < columns; c++) sum += Math.exp(data[from + c] - value);
  return 1 / sum;
}
