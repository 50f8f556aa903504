import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJetError } from '../errors.js';
import { jetImages, jets } from '../jets.js';
import { imager, makeImages } from './imager.js';
import { namedRecipe, recipeNames } from './named.js';
import { normaliseImages } from './normaliser.js';
import { parseRecipe } from './parse.js';
import type { Recipe, RecipeStep } from './recipe.js';

/** Any float32, the edges often. */
const component = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1e-45, -1e-45, 1e-38, 1, -1, 1e38, -1e38, 3.4e38, -3.4e38),
  fc.float({ min: -100, max: 100, noNaN: true }),
);
/** Mostly particles: an energy that is too low is as much as the momentum. */
const constituent = fc
  .tuple(fc.tuple(component, component, component, component), fc.integer({ min: 0, max: 9 }))
  .map(([[e, ...p], any]) => [any === 0 ? e : Math.min(Math.max(e, Math.hypot(...p)), 3.4e38), ...p]);
const someJets = fc.array(constituent, { minLength: 1, maxLength: 8 }).map((all) => ({
  ...jets(Float32Array.from(all.flat()), all.length),
  charge: new Int8Array(all.length).map((_, i) => i % 2),
}));

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const above0 = fc.oneof(
  fc.constantFrom(Number.MIN_VALUE, 1e-45, 1e-30, 1, 1e30, Number.MAX_VALUE),
  number.map(Math.abs),
);
const moves: fc.Arbitrary<RecipeStep> = fc.oneof(
  fc.record({ step: fc.constant('centre' as const), on: fc.constantFrom('leading', 'jet', 'centroid') }),
  fc.record({
    step: fc.constant('rotate' as const),
    by: fc.constantFrom('second', 'subjets', 'principal-axis'),
    mode: fc.constantFrom('plane', 'lorentz'),
    onto: fc.constantFrom('+eta', '-eta', '+phi', '-phi'),
  }),
  fc.record({
    step: fc.constant('flip' as const),
    axes: fc.constantFrom(['eta'], ['phi', 'eta']),
  }) as fc.Arbitrary<RecipeStep>,
);
const scalings: fc.Arbitrary<RecipeStep> = fc.oneof(
  fc.record({ step: fc.constant('normalise' as const), by: fc.constantFrom('max', 'sum', 'l2') }),
  fc.record({
    step: fc.constant('normalise' as const),
    by: fc.constant('standardise' as const),
    mean: fc.tuple(fc.oneof(fc.constant(0), number)),
    std: fc.tuple(above0),
  }),
);
const recipes: fc.Arbitrary<Recipe> = fc
  .record({
    before: fc.array(moves, { maxLength: 4 }),
    pixels: fc.integer({ min: 1, max: 9 }),
    halfWidth: above0,
    channels: fc.subarray(['pt', 'energy', 'charged-pt', 'neutral-pt', 'multiplicity'] as const, { minLength: 1 }),
    after: fc.array(scalings, { maxLength: 3 }),
  })
  .map(({ before, after, ...image }) => ({
    format: 'jetsdk-recipe/1',
    name: 'any',
    steps: [...before, { step: 'pixelate', ...image }, ...after],
  }));

/** Finite pixels, or an error that names the jet or, from the parser, the key. */
function expectSense(work: () => Float32Array): void {
  let pixels: Float32Array;
  try {
    pixels = work();
  } catch (error) {
    if (!isJetError(error)) throw error;
    expect(error.message).toMatch(/jet 0|recipe step/);
    return;
  }
  expect(pixels.every(Number.isFinite)).toBe(true);
}

describe('at the edges of floating point, pixels are finite or there is an error', () => {
  test.each(recipeNames)('%s', (name) => {
    fc.assert(
      fc.property(someJets, (given) => expectSense(() => makeImages(namedRecipe(name), given).data)),
      { numRuns: name === 'higgs-224' ? 30 : 300 },
    );
  });

  test('any recipe that the parser takes', () => {
    fc.assert(
      fc.property(recipes, someJets, (recipe, given) => expectSense(() => makeImages(parseRecipe(recipe), given).data)),
      { numRuns: 3000 },
    );
  });

  test('images made elsewhere', () => {
    fc.assert(
      fc.property(
        fc.array(component, { minLength: 9, maxLength: 9 }),
        fc.array(scalings, { maxLength: 3 }),
        (all, steps) =>
          expectSense(
            () =>
              normaliseImages(
                { format: 'jetsdk-recipe/1', name: 'any', steps },
                jetImages(Float32Array.from(all), [3, 3, 1]),
              ).data,
          ),
      ),
      { numRuns: 1000 },
    );
  });
});

describe('named cases', () => {
  const recipe = (...steps: RecipeStep[]): Recipe => ({ format: 'jetsdk-recipe/1', name: 'edge', steps });
  const pixel: RecipeStep = { step: 'pixelate', pixels: 1, halfWidth: 3, channels: ['pt'] };
  const two = (px: number) => jets(Float32Array.of(px, px, 0, 0, px, px, 0, 0), 2);

  test('a sum of momenta beyond float32', () => {
    expect(() => makeImages(recipe(pixel), two(3e38))).toThrow(/recipe edge: pixel 0 of jet 0 is Infinity; expected/);
  });

  test('a tiny std', () => {
    const tiny: RecipeStep = { step: 'normalise', by: 'standardise', mean: [0], std: [1e-38] };
    expect(() => makeImages(recipe(pixel, tiny), two(1000))).toThrow(/pixel 0 of jet 0 is Infinity/);
    expect(() => parseRecipe(recipe(pixel, { ...tiny, std: [1e-50] }))).toThrow(
      /std\[0\]: got 1e-50; expected a number/,
    );
  });

  test('a turn that leaves the range of numbers does not lose constituents in silence', () => {
    const apart = jets(Float32Array.of(3e38, 1e-45, 1e-45, -3e38, 3e38, 1e-45, 1e-45, 3e38), 2);
    const steps: RecipeStep[] = [
      { step: 'centre', on: 'leading' },
      { step: 'centre', on: 'jet' },
      { step: 'rotate', by: 'second', mode: 'lorentz', onto: '+eta' },
      { step: 'rotate', by: 'principal-axis', mode: 'plane', onto: '+phi' },
    ];
    expect(() => makeImages(recipe(...steps, pixel), apart)).toThrow(/recipe edge: jet 0 leaves the range of numbers/);
  });

  test('an imager works on after an error', () => {
    const { fill, shape } = imager(recipe({ ...pixel, pixels: 2 }, { step: 'normalise', by: 'sum' }));
    const pixels = new Float32Array(shape[0] * shape[1]);
    const good = two(1);
    fill(good, pixels);
    const expected = pixels.slice();
    expect(() => fill(two(3e38), pixels)).toThrow(/jet 0/);
    fill(good, pixels);
    expect(pixels).toEqual(expected);
  });

  test('the least momenta keep their share', () => {
    const least = two(1e-45);
    expect(makeImages(recipe(pixel, { step: 'normalise', by: 'sum' }), least).data).toEqual(Float32Array.of(1));
  });
});
