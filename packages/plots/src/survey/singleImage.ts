import type { JetImages } from '@jetsdk/jets';
import type { JetImage } from '../pictures/jetImage.js';

/** One channel of one jet as a picture's image. @param images not modified */
export function singleImage({ shape, data }: JetImages, jet = 0, channel = 0): JetImage {
  const [, height, width, channels] = shape;
  return {
    shape: [height, width],
    pixels: Float32Array.from(
      { length: height * width },
      (_, pixel) => data[(jet * height * width + pixel) * channels + channel],
    ),
  };
}
