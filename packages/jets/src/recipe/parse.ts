/** @file Strict reading of recipes from JSON: what is not understood is an error. */
import { type Check, isObject, listOf, name, object, oneOf, type Place, refuse } from '../json.js';
import { canonicalJson, sha256Hex } from './canonical.js';
import type { Recipe, RecipeStep } from './recipe.js';
import { ruleOf, STEPS, type StepName } from './steps/index.js';

const stepName: Check<StepName> = oneOf(...(Object.keys(STEPS) as StepName[]));
const RECIPE = object({ format: oneOf('jetsdk-recipe/1'), name, steps: listOf((step) => step, 1, 100) });

/** Where steps may stand. */
const ORDER = { constituents: 0, pixels: 1, image: 2 } as const;

/** A recipe as a check of JSON; a key that is not known may change what the recipe does, so it is refused. */
export const recipeCheck: Check<Recipe> = (value, at) => {
  const { steps, ...recipe } = RECIPE(value, at);
  let last = 0;
  return {
    ...recipe,
    steps: steps.map((raw, i) => {
      const { code } = at;
      const where = `${at.where} step ${i + 1}`;
      const step = stepCheck(raw, { where, code });
      const order = ORDER[ruleOf(step).on];
      if (order < last || (order === last && order === ORDER.pixels))
        refuse(
          { where: `${where}.step`, code },
          step.step,
          'steps on constituents first, then pixelate once, then steps on images',
        );
      last = order;
      return step;
    }),
  };
};

const stepCheck = (value: unknown, { where, code }: Place): RecipeStep => {
  if (!isObject(value)) refuse({ where, code }, value, 'an object');
  const step = stepName(value['step'], { where: `${where}.step`, code });
  return STEPS[step].check(value, { where: `${where} (${step})`, code });
};

/**
 * Checks a recipe that came from outside.
 *
 * @param value parsed JSON
 * @throws {JetError} BAD_ARGUMENT naming the step, the key and what is supported
 */
export function parseRecipe(value: unknown): Recipe {
  return recipeCheck(value, { where: 'recipe', code: 'BAD_ARGUMENT' });
}

/** SHA-256 of the canonical JSON of the steps; the name does not count. */
export function recipeHash(recipe: Recipe): string {
  return sha256Hex(canonicalJson(recipe.steps));
}
