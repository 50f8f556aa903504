/** @file The end of a recipe at work, for images that were made elsewhere. */
import { JetError } from '../errors.js';
import type { JetImages } from '../jets.js';
import { imageActions } from './actions.js';
import { pixelateOf, type Recipe } from './recipe.js';
import { allFinite, clear, makeSparseImage, read, write } from './sparseImage.js';

/** The steps of a recipe that follow `pixelate`; it holds working memory and serves one caller at a time. */
export interface Normaliser {
  /**
   * @param images as `pixelate` leaves them; not modified
   * @param pixels where to write; as many numbers as the images have are overwritten
   * @throws {JetError} SHAPE_MISMATCH if the recipe makes images of another shape; NOT_FINITE at the first NaN or
   *   infinite pixel, given or made
   */
  fill(images: JetImages, pixels: Float32Array): void;
}

export function normaliser(recipe: Recipe): Normaliser {
  const actions = imageActions(recipe);
  let image = makeSparseImage(0);
  return {
    fill(images, pixels) {
      requireShape(recipe, images);
      const { data, shape } = images;
      const [count, height, width, channels] = shape;
      const size = height * width * channels;
      if (image.pixel.length !== size) image = makeSparseImage(size);
      clear(image);
      for (let jet = 0, from = 0; jet < count; jet++, from += size) {
        read(image, data, from, size);
        if (!allFinite(image)) requireFinitePixels(images);
        for (const act of actions) act(image, size);
        pixels.fill(0, from, from + size);
        if (!write(image, pixels, from)) throw notFinitePixel(recipe, pixels.subarray(from, from + size), jet);
      }
    },
  };
}

/**
 * The steps of a recipe that follow `pixelate`.
 *
 * @param images as `pixelate` leaves them; not modified
 * @returns new images, or the same object if the recipe normalises nothing
 * @throws {JetError} as `Normaliser.fill`
 */
export function normaliseImages(recipe: Recipe, images: JetImages): JetImages {
  if (imageActions(recipe).length === 0) {
    requireShape(recipe, images);
    requireFinitePixels(images);
    return images;
  }
  const data = new Float32Array(images.data.length);
  normaliser(recipe).fill(images, data);
  return { ...images, data };
}

function requireShape(recipe: Recipe, { shape: [, height, width, channels] }: JetImages): void {
  const pixelStep = recipe.steps.some(({ step }) => step === 'pixelate') ? pixelateOf(recipe) : undefined;
  if (
    pixelStep !== undefined &&
    (height !== pixelStep.pixels || width !== pixelStep.pixels || channels !== pixelStep.channels.length)
  )
    throw new JetError(
      'SHAPE_MISMATCH',
      `recipe ${recipe.name}: images of ${height}×${width}×${channels}, the recipe makes ${pixelStep.pixels}×${pixelStep.pixels}×${pixelStep.channels.length}; give constituents, or the recipe that made the images`,
      { images: [height, width, channels], recipe: [pixelStep.pixels, pixelStep.pixels, pixelStep.channels.length] },
    );
}

/** @throws {JetError} NOT_FINITE naming the jet and the place of the first NaN or infinite pixel */
export function requireFinitePixels({ data, shape }: JetImages, firstJet = 0): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const size = shape[1] * shape[2] * shape[3];
    const jet = firstJet + Math.floor(i / size);
    throw new JetError('NOT_FINITE', `images: pixel ${i % size} of jet ${jet} is ${data[i]}; expected finite pixels`, {
      jet,
      pixel: i % size,
    });
  }
}

/** @param image one image, of which a pixel is NaN or infinite */
export function notFinitePixel({ name }: Recipe, image: Float32Array, jet: number): JetError {
  const pixel = image.findIndex((value) => !Number.isFinite(value));
  return new JetError(
    'NOT_FINITE',
    `recipe ${name}: pixel ${pixel} of jet ${jet} is ${image[pixel]}; expected momenta whose sums float32 holds, and no normalisation by numbers close to 0`,
    { jet, pixel },
  );
}
