import { describe, expect, test } from 'vitest';
import { isJetError, type JetErrorCode } from '../errors.js';
import { type JetImages, jetImages, jets } from '../jets.js';
import { random } from '../random.js';
import { makeImages } from './imager.js';
import { namedRecipe, recipeNames } from './named.js';
import { normaliseImages, normaliser } from './normaliser.js';
import type { Recipe } from './recipe.js';

const { uniform, normal } = random(8);
const SLOTS = 12;
const someJets = (count: number) => {
  const data = new Float32Array(count * SLOTS * 4);
  for (let i = 0; i < data.length; i += 4) {
    const [pt, eta, phi] = [0.5 + 50 * uniform() ** 4, 0.3 * normal(), 0.3 * normal()];
    data.set([pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)], i);
  }
  return { ...jets(data, SLOTS), charge: new Int8Array(data.length / 4).map(() => Math.round(normal())) };
};
const withoutNormalising = (recipe: Recipe): Recipe => ({
  ...recipe,
  steps: recipe.steps.filter(({ step }) => step !== 'normalise'),
});
const expectError = (code: JetErrorCode, message: RegExp, act: () => unknown): void => {
  try {
    act();
  } catch (error) {
    expect(isJetError(error) && error.code).toBe(code);
    expect((error as Error).message).toMatch(message);
    return;
  }
  expect.unreachable();
};

describe('normaliseImages', () => {
  test.each(recipeNames)('%s: images of constituents get the same pixels as from the whole recipe', (name) => {
    const recipe = namedRecipe(name);
    const given = someJets(5);
    const raw = makeImages(withoutNormalising(recipe), given);
    const before = raw.data.slice();
    expect(normaliseImages(recipe, raw).data).toEqual(makeImages(recipe, given).data);
    expect(raw.data).toEqual(before);
  });

  test('a recipe that normalises nothing gives the images back as they are', () => {
    const raw = makeImages(namedRecipe('course-30'), someJets(2));
    expect(normaliseImages(namedRecipe('course-30'), raw)).toBe(raw);
  });

  test('images of another shape are an error with both shapes', () => {
    const raw = makeImages(namedRecipe('course-30'), someJets(1));
    for (const name of ['iml-40', 'higgs-224'])
      expectError('SHAPE_MISMATCH', /30×30×1.*(40×40×1|224×224×1)/, () => normaliseImages(namedRecipe(name), raw));
  });

  test.each(['course-30', 'course-30-sum'])('%s: NaN and infinite pixels are an error that says where', (name) => {
    for (const value of [NaN, Infinity, -Infinity]) {
      const raw = makeImages(namedRecipe('course-30'), someJets(3));
      raw.data[2 * 900 + 17] = value;
      expectError('NOT_FINITE', new RegExp(`pixel 17 of jet 2 is ${value}`), () =>
        normaliseImages(namedRecipe(name), raw),
      );
    }
  });
});

describe('normaliser', () => {
  test('one after another gives what each alone gives, in any memory, images of other sizes between', () => {
    const recipe: Recipe = { format: 'jetsdk-recipe/1', name: 'any', steps: [{ step: 'normalise', by: 'sum' }] };
    const one = normaliser(recipe);
    for (const [count, side] of [
      [3, 5],
      [1, 7],
      [4, 5],
      [2, 5],
    ] as const) {
      const data = Float32Array.from({ length: count * side * side }, () => (uniform() < 0.2 ? uniform() : 0));
      const images: JetImages = jetImages(data, [side, side, 1]);
      const pixels = new Float32Array(data.length).fill(NaN);
      one.fill(images, pixels);
      expect(pixels).toEqual(normaliseImages(recipe, images).data);
      for (let jet = 0; jet < count; jet++) {
        const own = pixels.subarray(jet * side * side, (jet + 1) * side * side);
        const sum = own.reduce((total, pixel) => total + pixel, 0);
        expect(sum).toBeCloseTo(own.some((pixel) => pixel > 0) ? 1 : 0, 5);
      }
    }
  });
});
