/** @file How far images of momenta are from the true ones. */
import type { JetImages } from '@jetsdk/jets';
import {
  add,
  addN,
  div,
  log,
  matMul,
  mean,
  mul,
  reshape,
  type Scalar,
  square,
  type Tensor,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core';

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
  /** what is added to that of the pixels while a network learns */
  readonly sums?: readonly SumLoss[];
}

/**
 * Mean over the jets of (ln((Ŝ + pbar) / (S + pbar)))², with S = Σ p · r^power over the pixels of a jet, r from the middle of the image in halves of its
 * width: its pT for power 0, and for power 2 what its mass follows from.
 */
export interface SumLoss {
  /** 0 or more */
  readonly power: number;
  /** GeV, above 0 */
  readonly pbar: number;
  /** times which it is added, above 0 */
  readonly weight: number;
}

/** r^power of every pixel, (height × width) row-major. */
function radii(height: number, width: number, power: number): Float32Array {
  const middle = (i: number, pixels: number): number => (2 * i + 1) / pixels - 1;
  return Float32Array.from(
    { length: height * width },
    (_, i) => Math.hypot(middle(Math.floor(i / width), height), middle(i % width, width)) ** power,
  );
}

/**
 * The loss of a batch as a tensor that knows its gradient.
 *
 * @param predicted (jets, height, width, 1)
 * @param truth the same
 */
export function lossTensor({ pbar, sums = [] }: RegressionLoss, predicted: Tensor, truth: Tensor): Scalar {
  const ofRatio = (a: Tensor, b: Tensor, pbar: number): Scalar =>
    mean(square(log(div(add(a, pbar), add(b, pbar))))) as Scalar;
  return tidy(() => {
    const losses = [ofRatio(predicted, truth, pbar)];
    for (const { power, pbar, weight } of sums) {
      const [jets, height, width] = predicted.shape as [number, number, number];
      const pixels = height * width;
      const weights = tensor2d(radii(height, width, power), [pixels, 1]);
      const [ours, true_] = [predicted, truth].map((images) => matMul(reshape(images, [jets, pixels]), weights));
      losses.push(mul(weight, ofRatio(ours, true_, pbar)));
    }
    return addN(losses) as Scalar;
  });
}

/**
 * The loss of the pixels in float64.
 *
 * @param predicted pixels in GeV, above −pbar
 * @param truth as many pixels in GeV
 */
export function regressionLoss(
  { pbar }: Pick<RegressionLoss, 'pbar'>,
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++) sum += Math.log((predicted[i] + pbar) / (truth[i] + pbar)) ** 2;
  return sum / truth.length;
}

/**
 * What a network learns to make small, in float64: the loss of the pixels, and of the sums.
 *
 * @param predicted GeV, above −pbar
 * @param truth as many images of the same size, of one channel
 */
export function learningLoss(
  loss: RegressionLoss,
  predicted: ArrayLike<number>,
  { shape: [jets, height, width], data: truth }: Pick<JetImages, 'shape' | 'data'>,
): number {
  let total = regressionLoss(loss, predicted, truth);
  const pixels = height * width;
  for (const { power, pbar, weight } of loss.sums ?? []) {
    const weights = radii(height, width, power);
    const summed = (images: ArrayLike<number>): Float64Array =>
      Float64Array.from({ length: jets }, (_, jet) =>
        weights.reduce((sum, weight, i) => sum + weight * images[jet * pixels + i], 0),
      );
    total += weight * regressionLoss({ pbar }, summed(predicted), summed(truth));
  }
  return total;
}
