import { describe, expect, test } from 'vitest';
import { copyJets, type Jets, jets, sliceJets } from '../jets.js';
import { random } from '../random.js';
import { makeImages } from './imager.js';
import { normaliseImages } from './normaliser.js';
import { parseRecipe } from './parse.js';
import { imageRecipes } from './recipe.js';
import type { PixelChannel } from './steps/pixelate.js';

/** The channels of pile-up mitigation: coarse neutrals, fine tracks (arXiv:1707.08600). */
const PILE_UP = parseRecipe({
  format: 'jetsdk-recipe/1',
  name: 'pile-up',
  steps: [
    { step: 'pixelate', image: 'neutral', pixels: 9, halfWidth: 0.45, channels: ['neutral-pt'] },
    { step: 'pixelate', image: 'pileup', pixels: 36, halfWidth: 0.45, channels: ['charged-pileup-pt'] },
    { step: 'pixelate', image: 'leading', pixels: 36, halfWidth: 0.45, channels: ['charged-leading-pt'] },
    { step: 'pixelate', image: 'target', pixels: 9, halfWidth: 0.45, channels: ['neutral-leading-pt'] },
    { step: 'normalise', by: 'standardise', mean: [0], std: [10] },
  ],
});

const SLOTS = 50;
function someJets(count: number): Required<Jets> {
  const { uniform, integer } = random(5);
  const data = new Float32Array(count * SLOTS * 4);
  for (let i = 0; i < data.length; i += 4) {
    const [pt, eta, phi] = [0.1 + 20 * uniform() ** 4, uniform() - 0.5, uniform() - 0.5];
    data.set([pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)], i);
  }
  const charge = new Int8Array(count * SLOTS).map(() => integer(3) - 1);
  return { ...jets(data, SLOTS), charge, vertex: charge.map(() => integer(3)) };
}

/** One pixel after another, the slow way. */
function slow(
  { data, charge, vertex }: Required<Jets>,
  side: number,
  takes: (charged: boolean, leading: boolean) => boolean,
) {
  const image = new Float64Array(side * side);
  for (let i = 0; i < SLOTS; i++) {
    const [, px, py, pz] = data.subarray(4 * i);
    const bin = (x: number): number => Math.floor(((x + 0.45) / 0.9) * side);
    const [row, column] = [bin(Math.asinh(pz / Math.hypot(px, py))), bin(Math.atan2(py, px))];
    if (Math.min(row, column) < 0 || Math.max(row, column) >= side || !takes(charge[i] !== 0, vertex[i] === 0))
      continue;
    image[row * side + column] += Math.hypot(px, py);
  }
  return image;
}

describe('a recipe of several images', () => {
  const all = someJets(4);
  const images = imageRecipes(PILE_UP);

  test('is a recipe of one for each name, with its own size and scaling', () => {
    expect([...images.keys()]).toEqual(['neutral', 'pileup', 'leading', 'target']);
    expect([...images.values()].map((recipe) => makeImages(recipe, all).shape)).toEqual([
      [4, 9, 9, 1],
      [4, 36, 36, 1],
      [4, 36, 36, 1],
      [4, 9, 9, 1],
    ]);
  });

  test.each<[string, number, number, (charged: boolean, leading: boolean) => boolean]>([
    ['neutral', 9, 1, (charged) => !charged],
    ['pileup', 36, 1, (charged, leading) => charged && !leading],
    ['leading', 36, 1, (charged, leading) => charged && leading],
    ['target', 9, 10, (charged, leading) => !charged && leading],
  ])('%s adds up the constituents that it names', (name, side, unit, takes) => {
    const recipe = images.get(name);
    if (recipe === undefined) throw new Error(name);
    for (let jet = 0; jet < 4; jet++) {
      const one = sliceJets(all, jet, jet + 1);
      const { data } = makeImages(recipe, one);
      const expected = slow(one, side, takes);
      data.forEach((value, i) => {
        expect(value * unit).toBeCloseTo(expected[i], 3);
      });
    }
  });

  test('is refused where one image is asked for, with the function that takes it apart', () => {
    expect(() => makeImages(PILE_UP, all)).toThrow(
      /pile-up: it makes 4 images of each jet; expected one; .*imageRecipes/,
    );
    const neutral = makeImages(images.get('neutral') ?? PILE_UP, all);
    expect(() => normaliseImages(PILE_UP, neutral)).toThrow(/makes 4 images/);
  });

  test('names the charge or vertex that jets lack', () => {
    const pileup = images.get('pileup') ?? PILE_UP;
    const { vertex: _vertex, ...charged } = all;
    expect(() => makeImages(pileup, charged)).toThrow(/charged-pileup-pt need the vertex of each constituent/);
    const { charge: _charge, ...bare } = charged;
    expect(() => makeImages(pileup, bare)).toThrow(/need the charge of each constituent/);
  });

  test('a recipe of one image without a name is called image', () => {
    const channels: readonly PixelChannel[] = ['pt'];
    const one = { ...PILE_UP, steps: [{ step: 'pixelate', pixels: 4, halfWidth: 1, channels } as const] };
    expect([...imageRecipes(one)]).toEqual([['image', one]]);
  });

  test('vertices follow slices and copies', () => {
    expect(sliceJets(all, 1, 3).vertex).toEqual(all.vertex.slice(SLOTS, 3 * SLOTS));
    expect(copyJets(all).vertex).toEqual(all.vertex);
    expect(copyJets(all).vertex.buffer).not.toBe(all.vertex.buffer);
  });
});
