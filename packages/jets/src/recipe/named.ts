import { JetError } from '../errors.js';
import type { PixelChannel, Recipe, RecipeStep } from './recipe.js';

const iml: readonly RecipeStep[] = [
  { step: 'centre', on: 'leading' },
  { step: 'rotate', by: 'second', mode: 'plane', onto: '+phi' },
  { step: 'pixelate', pixels: 40, halfWidth: 0.8, channels: ['pt'] },
  { step: 'normalise', by: 'max' },
];

const course: readonly RecipeStep[] = [
  { step: 'centre', on: 'leading' },
  { step: 'rotate', by: 'second', minDeltaR: 0.35, mode: 'lorentz', onto: '-phi' },
  { step: 'flip', axes: ['eta'] },
  { step: 'pixelate', pixels: 30, halfWidth: 1.4, channels: ['pt'] },
];

const landscape: readonly RecipeStep[] = [
  { step: 'centre', on: 'centroid' },
  { step: 'rotate', by: 'principal-axis', mode: 'lorentz', onto: '-phi' },
  { step: 'flip', axes: ['eta', 'phi'] },
  { step: 'pixelate', pixels: 40, halfWidth: 0.8, channels: ['pt'] },
  { step: 'normalise', by: 'sum' },
  { step: 'normalise', by: 'standardise', mean: [0], std: [0.01] },
];

const jetImages: readonly RecipeStep[] = [
  { step: 'centre', on: 'jet' },
  { step: 'rotate', by: 'subjets', mode: 'lorentz', onto: '-phi' },
  { step: 'flip', axes: ['eta'] },
  { step: 'pixelate', pixels: 25, halfWidth: 1.25, channels: ['pt'] },
];

const higgs = (pixels: number, ...channels: readonly PixelChannel[]): readonly RecipeStep[] => [
  { step: 'centre', on: 'jet' },
  { step: 'pixelate', pixels, halfWidth: 0.8, channels },
];

/** Pixels in units of 10 GeV. */
const tens: RecipeStep = { step: 'normalise', by: 'standardise', mean: [0], std: [10] };

const recipes: readonly Recipe[] = [
  named('iml-40', iml),
  named('course-30', course),
  named('course-30-sum', [...course, { step: 'normalise', by: 'sum' }]),
  named('course-30-max', [...course, { step: 'normalise', by: 'max' }]),
  named('landscape-40', landscape),
  named('jet-images-25', jetImages),
  named('higgs-224', higgs(224, 'pt')),
  named('higgs-48', [...higgs(48, 'pt'), tens]),
  named('higgs-48-views', [...higgs(48, 'charged-pt', 'neutral-pt'), tens]),
];

function named(name: string, steps: readonly RecipeStep[]): Recipe {
  return { format: 'jetsdk-recipe/1', name, steps };
}

/**
 * The recipes of the field's courses and papers.
 *
 * `iml-40`: top-tagging tutorial, 40×40 over ±0.8, divided by the maximum.
 * `course-30`: data-analysis-school images, 30×30 over ±1.4, pT in GeV; `-sum` and `-max` divide each image.
 * `landscape-40`: after arXiv:1803.00107, 40×40 over ±0.8 about the pT centroid, its Lorentz-style turn keeps the jet mass;
 * pixels in percent of the summed pT.
 * `jet-images-25`: arXiv:1511.05190, 25×25 over ±1.25, pT in GeV.
 * `higgs-224`: H→bb images, 224×224 over ±0.8 about the jet axis, pT in GeV; `higgs-48` the same in 48×48
 * and units of 10 GeV, `-views` with the pT of charged and of neutral constituents as two channels.
 */
export const recipeNames: readonly string[] = recipes.map(({ name }) => name);

/** @throws {JetError} BAD_ARGUMENT if there is no recipe of that name */
export function namedRecipe(name: string): Recipe {
  const recipe = recipes.find((r) => r.name === name);
  if (recipe === undefined)
    throw new JetError('BAD_ARGUMENT', `recipe: no recipe named ${name}; there are ${recipeNames.join(', ')}`, {
      name,
    });
  return recipe;
}
