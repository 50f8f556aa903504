/** @file A recipe at work: constituents in, images out. */
import { requireMembers } from '../door.js';
import { JetError } from '../errors.js';
import { type JetImages, type Jets, requireJets, sliceJets } from '../jets.js';
import { remedyIfPadding, requireParticles } from '../particles.js';
import { constituentAction, imageActions } from './actions.js';
import { compiledConstituents } from './compiledConstituents.js';
import { type Constituents, loadTaken, REACH } from './constituents.js';
import { notFinitePixel } from './normaliser.js';
import { makeConstituents } from './plainConstituents.js';
import { imageShape, pixelateOf, type Recipe } from './recipe.js';
import { clear, write } from './sparseImage.js';
import { pixelate, SUMS } from './steps/pixelate.js';

/** A recipe made ready to run; it holds working memory and serves one caller at a time. */
export interface Imager {
  /** of one image */
  readonly shape: readonly [height: number, width: number, channels: number];
  /**
   * Makes the images of all jets.
   *
   * @param pixels where to write; jets × height × width × channels numbers from `offset` on are overwritten
   * @throws {JetError} SHAPE_MISMATCH if `pixels` is too short; NOT_FINITE at the first NaN or infinite
   *   component, and where momenta or the numbers of the recipe lead to a pixel that is none; BAD_DATASET if a channel needs charges or vertices that the jets lack
   */
  fill(jets: Jets, pixels: Float32Array, offset?: number): void;
}

/** @throws {JetError} BAD_ARGUMENT unless the recipe makes one image; see `imageRecipes` */
export function imager(recipe: Recipe): Imager {
  const pixelStep = pixelateOf(recipe);
  const before = recipe.steps.slice(0, recipe.steps.indexOf(pixelStep)).map(constituentAction);
  const after = imageActions(recipe);
  const { pixels: side, channels } = pixelStep;
  const size = side * side * channels.length;
  const needs = {
    charge: channels.some((channel) => SUMS[channel].charged !== undefined),
    vertex: channels.some((channel) => SUMS[channel].leading !== undefined),
  };
  // a function of its own is inlined further than the body of a loop
  const fillOne = (work: Constituents, jets: Jets, jet: number, pixels: Float32Array, from: number): void => {
    if (!loadTaken(work, jets, jet)) refuse(jets, jet);
    for (const act of before) act(work);
    const placed = pixelate.act(work, pixelStep);
    for (const act of after) act(work.image, size);
    const finite = write(work.image, pixels, from);
    if (!placed) throw outOfRange(recipe, jet);
    if (!finite) throw notFinitePixel(recipe, pixels.subarray(from, from + size), jet);
  };
  return {
    shape: imageShape(recipe),
    fill(jets, pixels, offset = 0) {
      const [count, slots] = jets.shape;
      if (pixels.length - offset < count * size)
        throw new JetError(
          'SHAPE_MISMATCH',
          `recipe ${recipe.name}: room for ${pixels.length - offset} pixels, ${count * size} needed for ${count} jets`,
          { room: pixels.length - offset, needed: count * size },
        );
      for (const key of ['charge', 'vertex'] as const)
        if (needs[key] && jets[key] === undefined)
          throw new JetError(
            'BAD_DATASET',
            `recipe ${recipe.name}: channels ${channels.join(', ')} need the ${key} of each constituent, the jets have none; use jets that have it, or a recipe with pt channels`,
            { needed: key },
          );
      const work = compiledConstituents(slots, size) ?? makeConstituents(slots, size);
      // a step that threw has left something
      clear(work.image);
      const together = Math.max(1, Math.floor(REACH / Math.max(slots, size / 4)));
      for (let first = 0; first < count; first += together) {
        const until = Math.min(first + together, count);
        work.loops.take(jets, first, until);
        pixels.fill(0, offset + first * size, offset + until * size);
        for (let jet = first; jet < until; jet++) fillOne(work, jets, jet, pixels, offset + jet * size);
      }
    },
  };
}

/**
 * Images of all jets by a recipe.
 *
 * @param jets (n, m, 4) E, px, py, pz in GeV; not modified
 * @returns (n, height, width, channels)
 * @throws {JetError} NOT_FINITE, BAD_DATASET, BAD_ARGUMENT as `imager`
 */
export function makeImages(recipe: Recipe, jets: Jets): JetImages {
  requireMembers('makeImages', recipe, ['steps'], 'a recipe; give namedRecipe(name) or parseRecipe(json)');
  requireJets('makeImages', jets);
  const { shape, fill } = imager(recipe);
  const data = new Float32Array(jets.shape[0] * shape[0] * shape[1] * shape[2]);
  fill(jets, data);
  return { kind: 'images', shape: [jets.shape[0], ...shape], data };
}

/**
 * Says what is wrong with a jet that `loadConstituents` refused.
 *
 * @throws {JetError} NOT_FINITE, or BAD_DATASET for what is no particle
 */
export function refuse(jets: Jets, jet: number): never {
  const from = jet * jets.shape[1] * 4;
  const vectors = jets.data.subarray(from, from + jets.shape[1] * 4);
  const at = vectors.findIndex((value) => !Number.isFinite(value));
  if (at < 0) requireParticles(sliceJets(jets, jet, jet + 1), 'jets', jet);
  const constituent = Math.floor(at / 4);
  const component = ['E', 'px', 'py', 'pz'][at % 4];
  const value = vectors[at];
  throw new JetError(
    'NOT_FINITE',
    `jets: ${component} of constituent ${constituent} of jet ${jet} is ${value}; expected finite four-vectors${remedyIfPadding(vectors, at)}`,
    { jet, constituent, component },
  );
}

function outOfRange({ name }: Recipe, jet: number): JetError {
  return new JetError(
    'NOT_FINITE',
    `recipe ${name}: jet ${jet} leaves the range of numbers before pixelate; expected momenta of less extreme size`,
    { jet },
  );
}
