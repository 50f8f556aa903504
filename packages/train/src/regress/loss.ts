/** @file How far images of momenta are from the true ones. */
import { add, div, log, mean, type Scalar, square, type Tensor, tidy } from '@tensorflow/tfjs-core';

/**
 * Mean over the pixels of (ln((p̂ + pbar) / (p + pbar)))²: a large `pbar` in GeV favours all pixels alike, a small one the
 * soft ones.
 *
 * @see arXiv:1707.08600, equation 3
 */
export interface RegressionLoss {
  readonly kind: 'squared-log-ratio';
  /** GeV, above 0 */
  readonly pbar: number;
}

/** The loss of a batch as a tensor that knows its gradient. */
export function lossTensor({ pbar }: RegressionLoss, predicted: Tensor, truth: Tensor): Scalar {
  return tidy(() => mean(square(log(div(add(predicted, pbar), add(truth, pbar)))))) as Scalar;
}

/**
 * The loss in float64.
 *
 * @param predicted pixels in GeV, above −pbar
 * @param truth as many pixels in GeV
 */
export function regressionLoss(
  { pbar }: RegressionLoss,
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++) sum += Math.log((predicted[i] + pbar) / (truth[i] + pbar)) ** 2;
  return sum / truth.length;
}
