/** @file From the network's output to one score a jet. */
import { counted, JetError, type Tensor } from '@jetsdk/jets';
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
  const { columns, signalColumn } = plan;
  requireColumns(plan, output, batch);
  for (let jet = 0; jet < jets; jet++)
    scores[at + jet] = requireNumber(probability(plan, output.data, jet * columns, signalColumn), first + jet);
}

/**
 * The probabilities of all columns.
 *
 * @param probabilities (…, columns), written from jet `at` on
 * @throws {JetError} as `readScores`
 */
export function readProbabilities(
  plan: ReadoutPlan,
  output: Tensor,
  batch: number,
  jets: number,
  probabilities: Float32Array,
  at: number,
  first: number,
): void {
  const { columns } = plan;
  requireColumns(plan, output, batch);
  for (let jet = 0; jet < jets; jet++)
    for (let c = 0; c < columns; c++)
      probabilities[(at + jet) * columns + c] = requireNumber(
        probability(plan, output.data, jet * columns, c),
        first + jet,
      );
}

function requireColumns({ output: name, columns }: ReadoutPlan, { shape, data }: Tensor, batch: number): void {
  if (data.length !== batch * columns)
    throw new JetError(
      'BAD_MODEL',
      `score: output ${name} has shape (${shape.join(', ')}) for ${counted(batch, 'jet')}; expected ${columns} numbers per jet; load it with batchSize 1 if its graph takes one jet at a time`,
      { shape, jets: batch, columns },
    );
}

function requireNumber(value: number, jet: number): number {
  if (!Number.isFinite(value))
    throw new JetError(
      'NOT_FINITE',
      `score: the model gives ${value} for jet ${jet}, whose input is finite; expected a number; the model is broken, overflows or takes no such jet`,
      { jet },
    );
  return value;
}

function probability({ kind, columns }: ReadoutPlan, data: Float32Array, from: number, column: number): number {
  const value = data[from + column];
  if (kind === 'logit') return 1 / (1 + Math.exp(-value));
  return kind === 'logits' ? softmax(data, from, columns, value) : value;
}

function softmax(data: Float32Array, from: number, columns: number, value: number): number {
  let sum = 0;
  for (let c = 0; c < columns; c++) sum += Math.exp(data[from + c] - value);
  return 1 / sum;
}
