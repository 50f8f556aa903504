/** @file Made-up jet images: one prong is background, two prongs are signal. */
import { type JetImages, jetImages, random } from '@jetsdk/jets';

/** `count` images of `pixels` × `pixels`, classes in turn, each of sum 1. */
export function prongImages(count: number, pixels: number, seed: number): { inputs: JetImages; labels: Uint8Array } {
  const rng = random(seed);
  const data = new Float32Array(count * pixels * pixels);
  const labels = new Uint8Array(count);
  for (let jet = 0; jet < count; jet++) {
    labels[jet] = jet % 2;
    const angle = 2 * Math.PI * rng.uniform();
    for (let particle = 0; particle < 30; particle++) {
      const reach = labels[jet] && particle % 2 ? 0.2 * pixels : 0;
      const column = Math.floor(pixels / 2 + reach * Math.cos(angle) + rng.normal() * 0.08 * pixels);
      const row = Math.floor(pixels / 2 + reach * Math.sin(angle) + rng.normal() * 0.08 * pixels);
      if (row < 0 || column < 0 || row >= pixels || column >= pixels) continue;
      data[(jet * pixels + row) * pixels + column] += 1 / 30;
    }
  }
  return { inputs: jetImages(data, [pixels, pixels, 1]), labels };
}
