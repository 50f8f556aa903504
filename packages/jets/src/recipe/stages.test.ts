import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jets, sliceJets } from '../jets.js';
import { random } from '../random.js';
import { makeImages } from './imager.js';
import { namedRecipe, recipeNames } from './named.js';
import { recipeStages } from './stages.js';
import type { PixelateStep } from './steps/pixelate.js';

const SLOTS = 30;

/** Jets of up to 30 massless constituents anywhere in φ, padded with zeros. */
function someJets(seed: number, count: number) {
  const r = random(seed);
  const data = new Float32Array(count * SLOTS * 4);
  for (let jet = 0; jet < count; jet++) {
    const axis = 2 * Math.PI * r.uniform() - Math.PI;
    const used = r.integer(SLOTS + 1);
    for (let i = 0; i < used; i++) {
      const pt = 0.5 + 50 * r.uniform() ** 4;
      const [eta, phi] = [0.3 * r.normal(), axis + 0.3 * r.normal()];
      data.set(
        [pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)],
        (jet * SLOTS + i) * 4,
      );
    }
  }
  return jets(data, SLOTS);
}

describe('recipeStages', () => {
  test.each(recipeNames)('ends, for %s, where the image is made from', (name) => {
    const recipe = namedRecipe(name);
    const at = recipe.steps.findIndex(({ step }) => step === 'pixelate');
    const pixelate: PixelateStep = { ...(recipe.steps[at] as PixelateStep), channels: ['pt'] };
    const { pixels, halfWidth } = pixelate;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (seed) => {
        const one = someJets(seed, 1);
        const stages = recipeStages(recipe, one, 0);
        expect(stages.map(({ step }) => step)).toEqual([undefined, ...recipe.steps.slice(0, at)]);
        const { pt, eta, phi } = stages.at(-1)!;
        const image = new Float32Array(pixels * pixels);
        const scale = pixels / (2 * halfWidth);
        pt.forEach((value, i) => {
          const row = Math.floor((eta[i] + halfWidth) * scale);
          const column = Math.floor((phi[i] + halfWidth) * scale);
          if (row < 0 || row >= pixels || column < 0 || column >= pixels) return;
          image[row * pixels + column] = image[row * pixels + column] + value;
        });
        expect(makeImages({ ...recipe, steps: [...recipe.steps.slice(0, at), pixelate] }, one).data).toEqual(image);
      }),
      { numRuns: pixels > 100 ? 3 : 20 },
    );
  });

  test('keeps each stage as it was, whatever follows, and takes any jet of a batch', () => {
    const recipe = namedRecipe('course-30');
    const all = someJets(5, 4);
    const stages = recipeStages(recipe, all, 3);
    expect(stages).toEqual(recipeStages(recipe, sliceJets(all, 3, 4), 0));
    const lead = stages[1].pt.indexOf(Math.max(...stages[1].pt));
    expect([stages[1].eta[lead], stages[1].phi[lead]]).toEqual([0, 0]);
    expect(stages[0].eta[lead]).not.toBe(0);
  });

  test('an empty jet has stages without constituents', () => {
    for (const { pt } of recipeStages(namedRecipe('jet-images-25'), jets(new Float32Array(8), 2), 0))
      expect(pt).toHaveLength(0);
  });

  test.each([
    ['OUT_OF_RANGE', 4],
    ['OUT_OF_RANGE', -1],
    ['OUT_OF_RANGE', 0.5],
    ['NOT_FINITE', 1],
  ])('throws %s for jet %d', (code, jet) => {
    const broken = someJets(1, 4);
    broken.data[SLOTS * 4 + 6] = Number.NaN;
    expect(() => recipeStages(namedRecipe('iml-40'), broken, jet)).toThrow(
      expect.objectContaining({ code, name: 'JetError' }),
    );
  });
});
