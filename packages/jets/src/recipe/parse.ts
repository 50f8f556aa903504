/** @file Strict reading of recipes from JSON: what is not understood is an error. */
import { type Check, isObject, listOf, name, object, oneOf, type Place, placeOf, refuse } from '../json.js';
import { canonicalJson, sha256Hex } from './canonical.js';
import type { Recipe, RecipeStep } from './recipe.js';
import { ruleOf, STEPS, type StepName } from './steps/index.js';

const stepName: Check<StepName> = oneOf(...(Object.keys(STEPS) as StepName[]));
const RECIPE = object({ format: oneOf('jetsdk-recipe/1'), name, steps: listOf((step) => step, 1, 100) });

/** Where steps may stand: constituents first, then each image with what scales it. */
const MAY_FOLLOW = {
  constituents: ['constituents'],
  pixels: ['constituents', 'pixels', 'image'],
  image: ['constituents', 'pixels', 'image'],
} as const;

/** A recipe as a check of JSON; a key that is not known may change what the recipe does, so it is refused. */
export const recipeCheck: Check<Recipe> = (value, at) => {
  const { steps: raw, ...recipe } = RECIPE(value, at);
  const places = raw.map((_, i): Place => ({ code: at.code, where: `${at.where} step ${i + 1}` }));
  const steps = raw.map((step, i) => stepCheck(step, places[i]));
  const images = steps.filter((step) => step.step === 'pixelate').map(({ image }) => image);
  let before: (typeof MAY_FOLLOW)[keyof typeof MAY_FOLLOW][number] = 'constituents';
  let made = 0;
  steps.forEach((step, i) => {
    const { on } = ruleOf(step);
    if (!MAY_FOLLOW[on].some((one) => one === before) || (on === 'pixels' && made === 0 && before !== 'constituents'))
      refuse(placeOf(places[i], 'step'), step.step, 'steps on constituents, then pixelate, then steps on its image');
    if (step.step === 'pixelate') {
      if (images.length > 1 && (step.image === undefined || images.indexOf(step.image) !== made))
        refuse(placeOf(places[i], 'image'), step.image, 'a name of its own for each of several images');
      made++;
    }
    before = on;
  });
  return { ...recipe, steps };
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
