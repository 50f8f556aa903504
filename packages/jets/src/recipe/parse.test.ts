import { describe, expect, test } from 'vitest';
import { namedRecipe, recipeNames } from './named.js';
import { parseRecipe, recipeHash } from './parse.js';

describe('parseRecipe', () => {
  test.each(recipeNames)('reads %s back from its JSON', (name) => {
    expect(parseRecipe(JSON.parse(JSON.stringify(namedRecipe(name))))).toEqual(namedRecipe(name));
  });

  const pixelate = { step: 'pixelate', pixels: 4, halfWidth: 1, channels: ['pt'] };
  test.each([
    ['an unknown step', { step: 'blur' }, /blur.*centre, rotate/],
    [
      'an unknown key',
      { step: 'centre', on: 'jet', angle: 3 },
      /step 1 \(centre\).angle: got 3; expected only the keys step, on/,
    ],
    ['a wrong value', { step: 'centre', on: 'middle' }, /"middle".*leading, jet, centroid/],
    ['a missing key', { step: 'flip' }, /axes/],
    [
      'minDeltaR without second',
      { step: 'rotate', by: 'subjets', mode: 'plane', onto: '+phi', minDeltaR: 1 },
      /minDeltaR/,
    ],
    ['a size that is no size', { ...pixelate, pixels: -1 }, /pixels: got -1; expected a whole number from 1 to 4096/],
    ['a mean without standardise', { step: 'normalise', by: 'sum', mean: [1] }, /mean and std with standardise/],
    ['an axis twice', { step: 'flip', axes: ['eta', 'eta'] }, /axes: got \["eta","eta"\]; expected no entry twice/],
    ['standardise without a mean', { step: 'normalise', by: 'standardise', std: [1] }, /mean/],
    [
      'a std of zero',
      { step: 'normalise', by: 'standardise', mean: [0], std: [0] },
      /std\[0\]: got 0; expected a number above 0/,
    ],
  ])('refuses %s', (_, step, message) => {
    expect(() => parseRecipe({ format: 'jetsdk-recipe/1', name: 'x', steps: [step] })).toThrow(message);
  });

  test('refuses steps in an order without a meaning', () => {
    const bad = (steps: unknown[]) => () => parseRecipe({ format: 'jetsdk-recipe/1', name: 'x', steps });
    expect(bad([pixelate, { step: 'centre', on: 'jet' }])).toThrow(/step 2/);
    expect(bad([pixelate, pixelate])).toThrow(/step 1\.image: got undefined; expected a name of its own/);
    expect(bad([{ step: 'normalise', by: 'max' }, pixelate])).toThrow(/step 2/);
  });

  test('takes several images, each with a name of its own and its own scaling', () => {
    const image = (name: string) => ({ ...pixelate, image: name });
    const half = { step: 'normalise', by: 'standardise', mean: [0], std: [2] };
    const recipe = (...steps: unknown[]) => ({ format: 'jetsdk-recipe/1', name: 'x', steps });
    const two = recipe({ step: 'centre', on: 'jet' }, image('a'), half, image('b'));
    expect(parseRecipe(two)).toEqual(two);
    for (const [steps, message] of [
      [[image('a'), image('a')], /step 2\.image: got "a"; expected a name of its own/],
      [[image('a'), pixelate], /step 2\.image: got undefined/],
      [[image('a'), { step: 'centre', on: 'jet' }, image('b')], /step 2\.step: got "centre"; expected steps on const/],
    ] as const)
      expect(() => parseRecipe(recipe(...steps))).toThrow(message);
  });

  test('refuses what is no recipe at all', () => {
    for (const value of [null, 3, [], 'iml-40', {}, { format: 'jetsdk-recipe/2', name: 'x', steps: [pixelate] }])
      expect(() => parseRecipe(value)).toThrow();
  });
});

describe('recipeHash', () => {
  test('depends on the steps, not on the name or the order of keys', () => {
    const recipe = namedRecipe('iml-40');
    const turned = recipe.steps.map((step) => Object.fromEntries(Object.entries(step).reverse()));
    expect(recipeHash(parseRecipe({ name: 'other', steps: turned, format: 'jetsdk-recipe/1' }))).toBe(
      recipeHash(recipe),
    );
    expect(new Set(recipeNames.map((name) => recipeHash(namedRecipe(name)))).size).toBe(recipeNames.length);
  });
});
