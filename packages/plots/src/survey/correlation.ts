/** @file Correlation of the pixels with what a network answers, taken as the jets pass by. */
import type { JetImages } from '@jetsdk/jets';
import type { JetImage } from '../pictures/jetImage.js';

export interface Correlation {
  /** @param scores one a jet */
  add(images: JetImages, scores: Float32Array): void;
  /**
   * Pearson's coefficient of each pixel of a channel, 0 where the pixel is the same in all jets.
   *
   * @returns undefined where the score is the same for all jets
   */
  image(channel: number): JetImage | undefined;
}

/** Variance below this share of the mean square is rounding. */
const ROUNDING = 1e-12;

export function correlation(): Correlation {
  let shape: readonly [height: number, width: number, channels: number] = [0, 0, 0];
  let [x, xx, xs] = [new Float64Array(0), new Float64Array(0), new Float64Array(0)];
  let [count, s, ss] = [0, 0, 0];
  return {
    add({ shape: [jets, ...one], data }, scores) {
      const size = one[0] * one[1] * one[2];
      if (count === 0) {
        shape = one;
        [x, xx, xs] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
      }
      count += jets;
      for (let jet = 0; jet < jets; jet++) {
        const score = scores[jet];
        s += score;
        ss += score * score;
        for (let pixel = 0, at = jet * size; pixel < size; pixel++, at++) {
          const value = data[at];
          if (value === 0) continue;
          x[pixel] = x[pixel] + value;
          xx[pixel] = xx[pixel] + value * value;
          xs[pixel] = xs[pixel] + value * score;
        }
      }
    },
    image(channel) {
      const [height, width, channels] = shape;
      const scoreSpread = count * ss - s * s;
      if (!(scoreSpread > ROUNDING * count * ss)) return undefined;
      return {
        shape: [height, width],
        pixels: Float64Array.from({ length: height * width }, (_, pixel) => {
          const i = pixel * channels + channel;
          const spread = count * xx[i] - x[i] ** 2;
          if (!(spread > ROUNDING * count * xx[i])) return 0;
          const r = (count * xs[i] - x[i] * s) / Math.sqrt(spread * scoreSpread);
          return Math.max(-1, Math.min(1, r));
        }),
      };
    },
  };
}
