/** @file How much an image looks like one prong or two. */
import type { Tensor } from '@jetsdk/jets';

export interface Prongs {
  /** mean distance of the pT to the axis of the jet, its pT-weighted centre */
  readonly width: Float64Array;
  /** τ₂/τ₁ with β = 1; 0 where a jet has a single pixel, NaN where it has none */
  readonly tau21: Float64Array;
}

/**
 * Width and N-subjettiness ratio of jet images. The axes of τ₁ and τ₂ are the pixel, and the pair of pixels, that make them
 * least among the 24 hottest.
 *
 * @param images (n, η, φ) ≥ 0, not modified
 * @param halfWidth of the images in η and φ
 * @see Thaler, Van Tilburg, arXiv:1108.2701
 */
export function prongs({ shape: [count, height, width], data }: Tensor, halfWidth: number): Prongs {
  const found = { width: new Float64Array(count), tau21: new Float64Array(count) };
  for (let jet = 0; jet < count; jet++) {
    const pixels: Pixel[] = [];
    let [total, eta, phi] = [0, 0, 0];
    for (let row = 0, at = jet * height * width; row < height; row++)
      for (let column = 0; column < width; column++, at++) {
        const pt = data[at];
        if (!(pt > 0)) continue;
        const pixel = {
          eta: ((2 * row + 1) / height - 1) * halfWidth,
          phi: ((2 * column + 1) / width - 1) * halfWidth,
          pt,
        };
        pixels.push(pixel);
        total += pt;
        eta += pt * pixel.eta;
        phi += pt * pixel.phi;
      }
    for (const pixel of pixels)
      found.width[jet] += (pixel.pt * Math.hypot(pixel.eta - eta / total, pixel.phi - phi / total)) / total;
    found.tau21[jet] = ratio(pixels);
  }
  return found;
}

/** Pixels that axes are looked for among, the hottest. */
const CANDIDATES = 24;

interface Pixel {
  readonly eta: number;
  readonly phi: number;
  readonly pt: number;
}

function ratio(pixels: readonly Pixel[]): number {
  const axes = [...pixels].sort((a, b) => b.pt - a.pt).slice(0, CANDIDATES);
  const distances = axes.map((axis) =>
    Float64Array.from(pixels, ({ eta, phi }) => Math.hypot(eta - axis.eta, phi - axis.phi)),
  );
  let [one, two] = [Infinity, Infinity];
  for (let a = 0; a < axes.length; a++)
    for (let b = a; b < axes.length; b++) {
      const [first, second] = [distances[a], distances[b]];
      let sum = 0;
      for (let k = 0; k < pixels.length; k++) sum += pixels[k].pt * Math.min(first[k], second[k]);
      if (a === b) one = Math.min(one, sum);
      two = Math.min(two, sum);
    }
  return pixels.length === 1 ? 0 : two / one;
}
