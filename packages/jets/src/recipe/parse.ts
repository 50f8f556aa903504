/** @file Strict reading of recipes from JSON: what is not understood is an error. */
import { JetError } from '../errors.js';
import { canonicalJson, sha256Hex } from './canonical.js';
import type { Recipe, RecipeStep } from './recipe.js';

type Check = (value: unknown) => string | undefined;
type Fields = Readonly<Record<string, { readonly check: Check; readonly optional?: boolean }>>;

const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && values.includes(value) ? undefined : `one of ${values.join(', ')}`;

const someOf =
  (...values: readonly string[]): Check =>
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((v) => values.includes(v))
      ? undefined
      : `a list without repetition of ${values.join(', ')}`;

const positive: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? undefined : 'a positive number';

const side: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 4096
    ? undefined
    : 'a whole number from 1 to 4096';

const numbers =
  (least: number): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every((v) => Number.isFinite(v) && v > least)
      ? undefined
      : least === 0
        ? 'a list of positive numbers'
        : 'a list of finite numbers';

const STEPS: Readonly<Record<RecipeStep['step'], Fields>> = {
  centre: { on: { check: oneOf('leading', 'jet', 'centroid') } },
  rotate: {
    by: { check: oneOf('second', 'subjets', 'principal-axis') },
    mode: { check: oneOf('plane', 'lorentz') },
    onto: { check: oneOf('+eta', '-eta', '+phi', '-phi') },
    minDeltaR: { check: positive, optional: true },
  },
  flip: { axes: { check: someOf('eta', 'phi') } },
  pixelate: {
    pixels: { check: side },
    halfWidth: { check: positive },
    channels: { check: someOf('pt', 'energy', 'charged-pt', 'neutral-pt', 'multiplicity') },
  },
  normalise: {
    by: { check: oneOf('max', 'sum', 'l2', 'standardise') },
    mean: { check: numbers(Number.NEGATIVE_INFINITY), optional: true },
    std: { check: numbers(0), optional: true },
  },
};

/**
 * Checks a recipe that came from outside.
 *
 * @param value parsed JSON
 * @throws {JetError} BAD_ARGUMENT naming the step, the key and what is supported
 */
export function parseRecipe(value: unknown): Recipe {
  const recipe = record(value, 'recipe');
  requireKeys(recipe, 'recipe', {
    format: { check: oneOf('jetsdk-recipe/1') },
    name: { check: (v) => (typeof v === 'string' && v.length > 0 && v.length <= 200 ? undefined : 'a short text') },
    steps: { check: (v) => (Array.isArray(v) && v.length > 0 && v.length <= 100 ? undefined : 'a list of steps') },
  });
  let pixelated = false;
  const steps = (recipe['steps'] as unknown[]).map((raw, i) => {
    const where = `recipe step ${i + 1}`;
    const { step, ...rest } = record(raw, where);
    const fields =
      typeof step === 'string' && Object.hasOwn(STEPS, step) ? STEPS[step as RecipeStep['step']] : undefined;
    if (fields === undefined) fail(where, 'step', step, `one of ${Object.keys(STEPS).join(', ')}`);
    requireKeys(rest, `${where} (${step})`, fields);
    if (step === 'pixelate' && pixelated) fail(where, 'step', step, 'one pixelate step only');
    if (step === 'normalise' ? !pixelated && hasPixelate(recipe) : pixelated)
      fail(where, 'step', step, 'normalise after pixelate, everything else before it');
    if (step === 'pixelate') pixelated = true;
    if (step === 'rotate' && rest['minDeltaR'] !== undefined && rest['by'] !== 'second')
      fail(where, 'minDeltaR', rest['minDeltaR'], "minDeltaR only with by 'second'");
    if (
      step === 'normalise' &&
      (rest['by'] === 'standardise') !== (rest['mean'] !== undefined && rest['std'] !== undefined)
    )
      fail(where, 'by', rest['by'], 'mean and std with standardise, and only then');
    return raw as RecipeStep;
  });
  return { format: 'jetsdk-recipe/1', name: recipe['name'] as string, steps };
}

/** SHA-256 of the canonical JSON of the steps; the name does not count. */
export function recipeHash(recipe: Recipe): string {
  return sha256Hex(canonicalJson(recipe.steps));
}

function hasPixelate(recipe: Record<string, unknown>): boolean {
  return (recipe['steps'] as { step?: unknown }[]).some((s) => s?.step === 'pixelate');
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new JetError('BAD_ARGUMENT', `${where}: got ${JSON.stringify(value)}; expected an object`);
  return value as Record<string, unknown>;
}

function requireKeys(value: Record<string, unknown>, where: string, fields: Fields): void {
  for (const key of Object.keys(value))
    if (!Object.hasOwn(fields, key)) fail(where, key, value[key], `only the keys ${Object.keys(fields).join(', ')}`);
  for (const [key, { check, optional }] of Object.entries(fields)) {
    if (value[key] === undefined && optional) continue;
    const expected = check(value[key]);
    if (expected !== undefined) fail(where, key, value[key], expected);
  }
}

function fail(where: string, key: string, got: unknown, expected: string): never {
  throw new JetError('BAD_ARGUMENT', `${where}: ${key} is ${JSON.stringify(got)}; expected ${expected}`, { key, got });
}
