/** @file A public board that cannot be fitted: it speaks only of real improvements. */
import { JetError } from '@jetsdk/jets';

/**
 * What a Ladder board releases after each of one group's submissions: the best score so far, rounded to η, changed
 * only by a submission that beats the best by more than η.
 *
 * @param scores (submissions,) on the public jets, in the order of submission; higher is better
 * @param eta η > 0, the step below which an improvement is taken for luck
 * @returns (submissions,) the released scores, multiples of η
 * @throws {JetError} OUT_OF_RANGE if η is not a positive number; NOT_FINITE if a score is not finite
 * @see Blum, Hardt: The Ladder, arXiv:1502.04585, algorithm 1
 */
export function ladder(scores: ArrayLike<number>, eta: number): Float64Array {
  if (!(eta > 0 && Number.isFinite(eta)))
    throw new JetError('OUT_OF_RANGE', `ladder: step ${eta}; expected a number above 0, e.g. 0.005`, {
      eta: String(eta),
    });
  const steps = Math.round(1 / eta);
  // 1/η is often whole where η itself is no binary fraction: 0.965 rather than 0.9650000000000001
  const rounded = (score: number): number =>
    Math.abs(steps * eta - 1) < 1e-9 ? Math.round(score * steps) / steps : Math.round(score / eta) * eta;
  const released = new Float64Array(scores.length);
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i];
    if (!Number.isFinite(score))
      throw new JetError('NOT_FINITE', `ladder: score ${i} is ${score}; expected a finite number`, { index: i });
    if (score > best + eta) best = rounded(score);
    released[i] = best;
  }
  return released;
}
