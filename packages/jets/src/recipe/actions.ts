/** @file The steps of a recipe as functions. */
import { JetError } from '../errors.js';
import type { Constituents } from './constituents.js';
import type { Recipe, RecipeStep } from './recipe.js';
import type { SparseImage } from './sparseImage.js';
import { ruleOf } from './steps/index.js';

/**
 * A step on constituents.
 *
 * @throws {JetError} BAD_ARGUMENT if it is none
 */
export function constituentAction(step: RecipeStep): (jet: Constituents) => void {
  const rule = ruleOf(step);
  if (rule.on !== 'constituents')
    throw new JetError('BAD_ARGUMENT', `recipe: ${step.step} before pixelate; expected steps on constituents there`);
  return (jet) => rule.act(jet, step);
}

/** The steps on images, in order. */
export function imageActions({ steps }: Recipe): readonly ((image: SparseImage, size: number) => void)[] {
  return steps.flatMap((step) => {
    const rule = ruleOf(step);
    return rule.on === 'image' ? [(image, size) => rule.act(image, size, step)] : [];
  });
}
