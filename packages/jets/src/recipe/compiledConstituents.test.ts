import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Jets, jets } from '../jets.js';
import { random } from '../random.js';
import { constituentAction } from './actions.js';
import { compiledConstituents } from './compiledConstituents.js';
import { type Constituents, loadConstituents } from './constituents.js';
import { namedRecipe, recipeNames } from './named.js';
import { makeConstituents } from './plainConstituents.js';
import { pixelateOf, type Recipe } from './recipe.js';
import { clear } from './sparseImage.js';
import { SUMS } from './steps/pixelate.js';

const SLOTS = 30;

/** What is there of a jet, bit for bit but for the kind of NaN. */
function numbersOf({ count, pt, eta, phi, energy, slot, charge }: Constituents): readonly (readonly number[])[] {
  return [[count], ...[pt, eta, phi, energy, slot, charge].map((numbers) => [...numbers.subarray(0, count)])];
}

function expectSame(compiled: Constituents, plain: Constituents): void {
  const [ours, expected] = [compiled, plain].map(numbersOf);
  ours.forEach((numbers, key) => {
    const wrong = numbers.findIndex((value, i) => !Object.is(value, expected[key][i]));
    if (wrong >= 0) expect([key, wrong, numbers[wrong]]).toEqual([key, wrong, expected[key][wrong]]);
  });
  expect(ours.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
}

/** Both through a recipe up to its image: the same bits after each step, and the same bins. */
function expectSameBits(all: Jets, recipe: Recipe): void {
  const { pixels, halfWidth } = pixelateOf(recipe);
  const channels = Object.values(SUMS);
  const size = pixels * pixels * channels.length;
  const compiled = compiledConstituents(all.shape[1], size)!;
  const plain = makeConstituents(all.shape[1], size);
  for (let jet = 0; jet < all.shape[0]; jet++) {
    const loaded = loadConstituents(plain, all, jet);
    expect(loadConstituents(compiled, all, jet)).toBe(loaded);
    if (!loaded) continue;
    expectSame(compiled, plain);
    for (const step of recipe.steps.slice(0, recipe.steps.indexOf(pixelateOf(recipe)))) {
      for (const work of [compiled, plain]) constituentAction(step)(work);
      expectSame(compiled, plain);
    }
    const [finite, expected] = [compiled, plain].map((work) =>
      work.loops.place(work, pixels, halfWidth, channels.length),
    );
    expect(finite).toBe(expected);
    expect([...compiled.bin.subarray(0, compiled.count)]).toEqual([...plain.bin.subarray(0, plain.count)]);
    for (const work of [compiled, plain]) channels.forEach((summed, c) => void work.loops.addUp(work, c, summed));
    const [image, expectedImage] = [compiled, plain].map(({ image: { count, pixel, value } }) => [
      [...pixel.subarray(0, count)],
      [...value.subarray(0, count)],
    ]);
    expect(image).toEqual(expectedImage);
    for (const work of [compiled, plain]) clear(work.image);
    expect(compiled.image.place.subarray(0, size).every((place) => place === 0)).toBe(true);
  }
}

/** Jets with gaps, constituents along the beam and any numbers of constituents. */
function someJets(seed: number): Jets {
  const r = random(seed);
  const data = new Float32Array(8 * SLOTS * 4);
  for (let i = 0; i < data.length; i += 4) {
    if (r.uniform() < 0.3) continue;
    const p = [0.5 * r.normal() + 1, 0.5 * r.normal(), 2 * r.normal()].map((x) => x * 30 * r.uniform() ** 3);
    if (r.uniform() < 0.05) p.fill(0, 0, 2);
    data.set([Math.hypot(...p) * 1.001, ...p], i);
  }
  return withCharge(jets(data, SLOTS));
}

const withCharge = (all: Jets): Jets => ({
  ...all,
  charge: Int8Array.from({ length: all.data.length / 4 }, (_, i) => (i % 3) - 1),
  vertex: Int8Array.from({ length: all.data.length / 4 }, (_, i) => i % 2),
});

const seeds = fc.integer({ min: 0, max: 0xffffffff });

describe('compiled loops give the bits of the plain ones', () => {
  test.each(recipeNames)('in %s', (name) => {
    fc.assert(
      fc.property(seeds, (seed) => expectSameBits(someJets(seed), namedRecipe(name))),
      { numRuns: name === 'jet-images-25' ? 10 : 40 },
    );
  });

  test('at the edges of floating point', () => {
    const component = fc.oneof(
      fc.constantFrom(0, -0, 1e-45, -1e-45, 1e-38, 1, -1, 1e38, -1e38, 3.4e38, -3.4e38, Number.NaN, Infinity),
      fc.float({ min: -100, max: 100, noNaN: true }),
    );
    const vector = fc
      .tuple(component, component, component)
      .map((p) => [Math.min(Math.fround(Math.hypot(...p)), 3.4e38), ...p]);
    fc.assert(
      fc.property(
        fc.array(vector, { minLength: 1, maxLength: 9 }),
        fc.constantFrom(...recipeNames),
        (vectors, name) => {
          expectSameBits(withCharge(jets(Float32Array.from(vectors.flat()), vectors.length)), namedRecipe(name));
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([29, 30, 31, 32, 33, 34])('of jets with all of %d slots full, after jets of fewer', (slots) => {
    const data = Float32Array.from({ length: 4 * slots }, (_, i) => (i % 4 === 0 ? 100 : Math.cos(i)));
    expectSameBits(withCharge(jets(data, slots)), namedRecipe('iml-40'));
  });

  test('of the jet itself, whatever jet was there before', () => {
    const [first, second] = [someJets(1), someJets(2)];
    expectSameBits(first, namedRecipe('course-30'));
    expectSameBits(second, namedRecipe('course-30'));
    expectSameBits(first, namedRecipe('iml-40'));
  });
});
