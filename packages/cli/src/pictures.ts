/** @file Pictures' data from images of jets. */
import type { JetImages } from '@jetsdk/jets';
import type { JetImage } from '@jetsdk/plots';

/**
 * Mean image of each class, first channel.
 *
 * @param labels (n,) index of the class
 * @param classes names of the classes
 */
export function averageImages({ shape, data }: JetImages, labels: Uint8Array, classes: readonly string[]): JetImage[] {
  const [count, height, width, channels] = shape;
  const size = height * width;
  const sums = classes.map(() => new Float64Array(size));
  const jets = classes.map(() => 0);
  for (let jet = 0; jet < count; jet++) {
    const label = labels[jet];
    const sum = sums[label];
    jets[label]++;
    for (let pixel = 0; pixel < size; pixel++) sum[pixel] = sum[pixel] + data[(jet * size + pixel) * channels];
  }
  return sums.map((sum, label) => ({
    shape: [height, width],
    pixels: sum.map((value) => value / Math.max(1, jets[label])),
    title: `${classes[label]}, ${jets[label]} jets`,
  }));
}

/** Single jets, first channel. */
export function singleImages(
  { shape, data }: JetImages,
  jets: readonly number[],
  titles: readonly string[],
): JetImage[] {
  const [, height, width, channels] = shape;
  const size = height * width;
  return jets.map((jet, i) => ({
    shape: [height, width],
    pixels: Float32Array.from({ length: size }, (_, pixel) => data[(jet * size + pixel) * channels]),
    title: titles[i],
  }));
}
