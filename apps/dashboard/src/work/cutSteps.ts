/** @file The positions of the slider, and how far it may go until a jet fails. */

/** The cut goes from 0 to 1 in so many steps. */
export const SLIDER_STEPS = 1000;

/**
 * The last step at which each jet passes.
 *
 * @param scores (n,) in [0, 1]; not modified
 * @param steps at most 65,535
 * @returns (n,) k with k / steps ≤ score < (k + 1) / steps
 */
export function cutsOf(scores: Float32Array, steps: number): Uint16Array {
  return Uint16Array.from(scores, (score) => {
    let step = Math.min(steps, Math.max(0, Math.floor(score * steps)));
    while (step < steps && score >= (step + 1) / steps) step++;
    while (step > 0 && score < step / steps) step--;
    return step;
  });
}
