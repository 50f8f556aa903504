import { JetError, type JetImages, jetImages, jets, makeImages, type Recipe, random } from '@jetsdk/jets';

export interface CalibrationOptions {
  /** of one image: [height, width, channels] */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** makes the images where given; it must make images of `shape` */
  readonly recipe?: Recipe;
  readonly count?: number;
  readonly seed?: number;
}

/** Constituents of a made-up jet. */
const CONSTITUENTS = 40;

/**
 * Images on which an export can be certified where no real ones are at hand: two-prong sprays of particles put
 * through the recipe, or sparse random pixels where there is none. The same options give the same images.
 *
 * @throws {JetError} SHAPE_MISMATCH if the recipe makes images of another shape; what `makeImages` throws
 */
export function calibrationImages({ shape, recipe, count = 256, seed = 0 }: CalibrationOptions): JetImages {
  const stream = random(seed);
  if (recipe === undefined) {
    const size = shape[0] * shape[1] * shape[2];
    const pixel = (): number => (stream.uniform() < 0.1 ? -Math.log(1 - stream.uniform()) : 0);
    return jetImages(Float32Array.from({ length: count * size }, pixel), shape);
  }
  const data = new Float32Array(count * CONSTITUENTS * 4);
  const charge = new Int8Array(count * CONSTITUENTS);
  for (let jet = 0; jet < count; jet++) {
    const [eta0, phi0] = [2 * stream.uniform() - 1, Math.PI * (2 * stream.uniform() - 1)];
    const [dEta, dPhi] = [0.4 * stream.normal(), 0.4 * stream.normal()];
    const filled = 5 + stream.integer(CONSTITUENTS - 4);
    for (let i = jet * CONSTITUENTS; i < jet * CONSTITUENTS + filled; i++) {
      const second = stream.uniform() < 0.4 ? 1 : 0;
      const pt = 100 * Math.exp(-4 * stream.uniform());
      const eta = eta0 + second * dEta + 0.1 * stream.normal();
      const phi = phi0 + second * dPhi + 0.1 * stream.normal();
      data.set([pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)], i * 4);
      charge[i] = stream.integer(3) - 1;
    }
  }
  const images = makeImages(recipe, { ...jets(data, CONSTITUENTS), charge });
  if (images.shape.slice(1).join() !== shape.join())
    throw new JetError(
      'SHAPE_MISMATCH',
      `calibrationImages: recipe ${recipe.name} makes images of [${images.shape.slice(1)}]; expected [${shape}]`,
      { recipe: images.shape.slice(1), shape },
    );
  return images;
}
