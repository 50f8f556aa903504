/** @file Mean images of each class, taken as the jets pass by. */
import type { JetImages } from '@jetsdk/jets';
import type { JetImage } from '../pictures/jetImage.js';

/** Sums of images per class; memory does not grow with the number of jets. */
export interface Averages {
  /** of an image; 0 before the first */
  readonly channels: number;
  /** (classes,) jets so far */
  readonly counts: readonly number[];
  /**
   * @param images of one shape in all calls; not modified
   * @param labels (n,) index of the class; jets with a label that is no class are left out
   */
  add(images: JetImages, labels: ArrayLike<number>): void;
  /**
   * The mean of one class and channel.
   *
   * @returns undefined where the class has no jets
   */
  image(label: number, channel?: number): JetImage | undefined;
}

/** @param classes how many there are */
export function averages(classes: number): Averages {
  const counts = Array.from({ length: classes }, () => 0);
  let sums: Float64Array[] = [];
  let shape: readonly [height: number, width: number, channels: number] = [0, 0, 0];
  return {
    counts,
    get channels() {
      return shape[2];
    },
    add({ shape: [count, ...one], data }, labels) {
      const size = one[0] * one[1] * one[2];
      if (sums.length === 0) {
        shape = one;
        sums = counts.map(() => new Float64Array(size));
      }
      for (let jet = 0; jet < count; jet++) {
        const label = labels[jet];
        const sum = sums[label];
        if (sum === undefined) continue;
        counts[label]++;
        for (let pixel = 0, at = jet * size; pixel < size; pixel++, at++)
          if (data[at] !== 0) sum[pixel] = sum[pixel] + data[at];
      }
    },
    image(label, channel = 0) {
      const count = counts[label];
      if (!count) return undefined;
      const sum = sums[label];
      const [height, width, channels] = shape;
      return {
        shape: [height, width],
        pixels: Float64Array.from({ length: height * width }, (_, pixel) => sum[pixel * channels + channel] / count),
      };
    },
  };
}
