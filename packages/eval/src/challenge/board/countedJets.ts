/** @file The part of the jets that counts. */
import { checkLength } from '../../core/inputs.js';

/** The jets that the board marks with 1; all where there is no board. */
export function countedJets(labels: ArrayLike<number>, board: ArrayLike<number> | undefined): Uint32Array {
  if (board !== undefined) checkLength('board', labels.length, 'board marks', board.length);
  const jets = new Uint32Array(labels.length);
  let count = 0;
  for (let i = 0; i < labels.length; i++) if (board === undefined || board[i] === 1) jets[count++] = i;
  return jets.subarray(0, count);
}

/** The scores of these jets. */
export function pick(scores: Float32Array | Float64Array, jets: Uint32Array): Float32Array | Float64Array {
  const picked = scores instanceof Float32Array ? new Float32Array(jets.length) : new Float64Array(jets.length);
  for (let i = 0; i < jets.length; i++) picked[i] = scores[jets[i]];
  return picked;
}
