/** @file Mean images of each class, taken as the jets pass by. */
import type { JetImages } from '@jetsdk/jets';
import type { JetImage } from '@jetsdk/plots';

/** 1 jet, 2,000 jets. */
export const counted = (jets: number): string => `${jets.toLocaleString('en')} ${jets === 1 ? 'jet' : 'jets'}`;

export interface Averages {
  add(images: JetImages, labels: Uint8Array): void;
  /** of an image; 0 before the first */
  readonly channels: number;
  /** one a class, of one channel; undefined before the first image */
  images(channel: number): readonly JetImage[] | undefined;
}

/** @param classes names, index = label */
export function averages(classes: readonly string[]): Averages {
  const counts = classes.map(() => 0);
  let sums: Float64Array[] = [];
  let shape: readonly [height: number, width: number, channels: number] = [0, 0, 0];
  return {
    get channels() {
      return shape[2];
    },
    add({ shape: [count, ...one], data }, labels) {
      const size = one[0] * one[1] * one[2];
      if (sums.length === 0) {
        shape = one;
        sums = classes.map(() => new Float64Array(size));
      }
      for (let jet = 0; jet < count; jet++) {
        const label = labels[jet];
        const sum = sums[label];
        counts[label]++;
        for (let pixel = 0, at = jet * size; pixel < size; pixel++, at++)
          if (data[at] !== 0) sum[pixel] = sum[pixel] + data[at];
      }
    },
    images(channel) {
      if (sums.length === 0) return undefined;
      const [height, width, channels] = shape;
      return sums.map((sum, label) => ({
        shape: [height, width],
        pixels: Float64Array.from(
          { length: height * width },
          (_, pixel) => sum[pixel * channels + channel] / counts[label],
        ),
        title: `${classes[label]}, ${counted(counts[label])}`,
      }));
    },
  };
}
