/** @file A recipe says how constituents become an image: an ordered list of steps, as JSON. */
import { JetError } from '../errors.js';
import type { CentreStep } from './steps/centre.js';
import type { FlipStep } from './steps/flip.js';
import type { NormaliseStep } from './steps/normalise.js';
import type { PixelateStep } from './steps/pixelate.js';
import type { RotateStep } from './steps/rotate.js';

export type RecipeStep = CentreStep | RotateStep | FlipStep | PixelateStep | NormaliseStep;

/**
 * Steps before the first `pixelate` act on constituents; each `pixelate` makes an image, which the `normalise` steps
 * behind it scale. A recipe with several images names each.
 */
export interface Recipe {
  readonly format: 'jetsdk-recipe/1';
  readonly name: string;
  readonly steps: readonly RecipeStep[];
}

const isPixelate = (step: RecipeStep): step is PixelateStep => step.step === 'pixelate';

/**
 * The step that makes the image.
 *
 * @throws {JetError} BAD_ARGUMENT if the recipe makes no image or several
 */
export function pixelateOf({ name, steps }: Recipe): PixelateStep {
  const [found, ...others] = steps.filter(isPixelate);
  if (found === undefined)
    throw new JetError('BAD_ARGUMENT', `recipe ${name}: no pixelate step, so it makes no images; expected one`);
  if (others.length > 0)
    throw new JetError(
      'BAD_ARGUMENT',
      `recipe ${name}: it makes ${others.length + 1} images of each jet; expected one; take the recipe of one by imageRecipes`,
    );
  return found;
}

/** Of the image that a recipe makes. @throws {JetError} as `pixelateOf` */
export function imageShape(recipe: Recipe): readonly [height: number, width: number, channels: number] {
  const { pixels, channels } = pixelateOf(recipe);
  return [pixels, pixels, channels.length];
}

/**
 * A recipe of several images as recipes of one, which share the steps on constituents.
 *
 * @returns by the names of the images, in order; a single image without a name is called `image`
 */
export function imageRecipes(recipe: Recipe): ReadonlyMap<string, Recipe> {
  const { steps } = recipe;
  const starts = steps.flatMap((step, i) => (isPixelate(step) ? [{ i, image: step.image ?? 'image' }] : []));
  return new Map(
    starts.map(({ i, image }, k) => [
      image,
      {
        ...recipe,
        name: starts.length === 1 ? recipe.name : `${recipe.name}, ${image}`,
        steps: [...steps.slice(0, starts[0].i), ...steps.slice(i, starts[k + 1]?.i)],
      },
    ]),
  );
}
