/** @file A recipe says how constituents become an image: an ordered list of steps, as JSON. */
import { JetError } from '../errors.js';
import type { CentreStep } from './steps/centre.js';
import type { FlipStep } from './steps/flip.js';
import type { NormaliseStep } from './steps/normalise.js';
import type { PixelateStep } from './steps/pixelate.js';
import type { RotateStep } from './steps/rotate.js';

export type RecipeStep = CentreStep | RotateStep | FlipStep | PixelateStep | NormaliseStep;

/** Steps before `pixelate` act on constituents, the one `pixelate` makes the image, `normalise` steps follow. */
export interface Recipe {
  readonly format: 'jetsdk-recipe/1';
  readonly name: string;
  readonly steps: readonly RecipeStep[];
}

/** @throws {JetError} BAD_ARGUMENT if the recipe makes no images */
export function pixelateOf({ name, steps }: Recipe): PixelateStep {
  const found = steps.find((step): step is PixelateStep => step.step === 'pixelate');
  if (found === undefined)
    throw new JetError('BAD_ARGUMENT', `recipe ${name}: no pixelate step, so it makes no images; expected one`);
  return found;
}
