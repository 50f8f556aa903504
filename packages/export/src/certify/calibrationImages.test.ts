import { namedRecipe, type PixelateStep, recipeNames } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { calibrationImages } from './calibrationImages.js';

describe('calibrationImages', () => {
  it.each(recipeNames)('makes images of recipe %s, none of them empty', (name) => {
    const recipe = namedRecipe(name);
    const pixels = recipe.steps.find(({ step }) => step === 'pixelate') as PixelateStep;
    const { shape, data } = calibrationImages({
      shape: [pixels.pixels, pixels.pixels, pixels.channels.length],
      recipe,
      count: 6,
    });
    const size = data.length / 6;
    expect(shape[0]).toBe(6);
    for (let jet = 0; jet < 6; jet++)
      expect(data.subarray(jet * size, (jet + 1) * size).some((pixel) => pixel > 0)).toBe(true);
  });

  it('refuses a recipe that makes images of another shape', () => {
    expect(() => calibrationImages({ shape: [30, 30, 1], recipe: namedRecipe('iml-40') })).toThrow(
      'recipe iml-40 makes images of [40,40,1]; expected [30,30,1]',
    );
  });

  it('makes sparse images of any shape without a recipe', () => {
    const { shape, data } = calibrationImages({ shape: [20, 10, 3], count: 5 });
    expect(shape).toEqual([5, 20, 10, 3]);
    const filled = data.filter((pixel) => pixel > 0).length / data.length;
    expect(filled).toBeGreaterThan(0.05);
    expect(filled).toBeLessThan(0.15);
  });

  it('makes the same images from the same seed, others from another', () => {
    const make = (seed: number) => calibrationImages({ shape: [8, 8, 1], count: 2, seed }).data;
    expect(make(1)).toEqual(make(1));
    expect(make(1)).not.toEqual(make(2));
  });
});
