/** @file Jets whose neutral part is an image, made or corrected in several ways: all images, and what the jets weigh with them. */
import { JetError } from '../errors.js';
import type { JetImages, Jets } from '../jets.js';
import type { Progress } from '../progress.js';
import { type CorrectedJets, correctedJets } from '../recipe/correctedJets.js';
import { type Imager, imager } from '../recipe/imager.js';
import type { Recipe } from '../recipe/recipe.js';
import type { Tensor } from '../tensor.js';
import { turn } from '../turn.js';
import { requireSource } from './checks.js';
import { columnOf } from './column.js';
import type { JetSource } from './source.js';

/**
 * How the neutral images of jets come about: by a recipe of one image, from a source of images, one of each jet, or by what
 * makes them of jets, such as `(jets) => regressor.correct(jets)`.
 */
export type CorrectionWay = Recipe | JetSource | ((jets: Jets) => Promise<Tensor>);

/** Jets corrected in one way. */
export interface Corrections extends CorrectedJets {
  /** (n, η, φ, 1) neutral momenta in GeV */
  readonly images: JetImages;
}

export interface ReadCorrectionsOptions {
  /** that makes the inputs of the network; its steps in front of `pixelate` set the origin of the images */
  readonly recipe: Recipe;
  /** half the width of the images in (η, φ) */
  readonly halfWidth: number;
  /** jets read and corrected at a time; default 4096 */
  readonly block?: number;
  /** after each block */
  readonly onProgress?: (progress: Progress) => void;
}

/** Jets read at a time. */
const BLOCK = 4096;

/**
 * All jets of a source, corrected in several ways.
 *
 * @param source constituents with charge and vertex
 * @returns an entry for each way, in order
 * @throws {JetError} SHAPE_MISMATCH for images of another number or size, BAD_DATASET for images in place of constituents and
 *   the other way round; as `correctedJets`, `imager`, and what reads and corrects
 */
export async function readCorrections(
  source: JetSource,
  ways: readonly CorrectionWay[],
  { recipe, halfWidth, block = BLOCK, onProgress }: ReadCorrectionsOptions,
): Promise<Corrections[]> {
  requireSource('readCorrections', source);
  const { count } = source;
  const make = ways.map((way) => imageMaker(source, way));
  const all = ways.map(() => ({
    images: { kind: 'images', shape: [count, 0, 0, 1], data: new Float32Array(0) } as JetImages,
    pt: new Float64Array(count),
    mass: new Float64Array(count),
  }));
  for (let start = 0; start < count; start += block) {
    const stop = Math.min(count, start + block);
    const jets = await source.read(start, stop);
    if (jets.kind !== 'constituents' || jets.charge === undefined || jets.vertex === undefined)
      throw new JetError(
        'BAD_DATASET',
        `${source.name}: ${jets.kind === 'images' ? 'images' : 'constituents without charge and vertex'}; expected constituents with both, of which the images are made`,
      );
    for (const [way, into] of all.entries()) {
      const images = await make[way](jets, start);
      const [, height, width, channels] = images.shape;
      if (start === 0)
        into.images = {
          kind: 'images',
          shape: [count, height, width, channels],
          data: new Float32Array(count * height * width * channels),
        };
      requireSame(source, images, all[0].images);
      into.images.data.set(images.data, start * height * width * channels);
      const { pt, mass } = correctedJets(images, jets, { recipe, halfWidth });
      into.pt.set(pt, start);
      into.mass.set(mass, start);
    }
    onProgress?.({ done: stop, total: count });
    await turn();
  }
  return all;
}

/**
 * What the file of a source says of its jets, corrected in some way, or of the true ones.
 *
 * @param name `puppi` for the columns `puppi_pt` and `puppi_mass`, in GeV
 * @throws {JetError} as `columnOf`
 */
export async function correctedColumns(source: JetSource, name: string): Promise<CorrectedJets> {
  return { pt: await columnOf(source, `${name}_pt`), mass: await columnOf(source, `${name}_mass`) };
}

function imageMaker(source: JetSource, way: CorrectionWay): (jets: Jets, start: number) => Promise<JetImages> {
  if (typeof way === 'function')
    return async (jets) => {
      const { shape, data } = await way(jets);
      const [count, height, width, channels = 1] = shape as [number, number, number, number?];
      return { kind: 'images', shape: [count, height, width, channels], data };
    };
  if ('steps' in way) {
    const recipe: Imager = imager(way);
    const [height, width, channels] = recipe.shape;
    return async (jets) => {
      const [count] = jets.shape;
      const data = new Float32Array(count * height * width * channels);
      recipe.fill(jets, data);
      return { kind: 'images', shape: [count, height, width, channels], data };
    };
  }
  requireSource('readCorrections', way);
  if (way.count !== source.count)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${way.name}: ${way.count} images; expected ${source.count}, one of each jet of ${source.name}`,
      { images: way.count, jets: source.count },
    );
  return async (jets, start) => {
    const images = await way.read(start, start + jets.shape[0]);
    if (images.kind === 'images') return images;
    throw new JetError(
      'BAD_DATASET',
      `${way.name}: got constituents; expected images, one of each jet of ${source.name}`,
    );
  };
}

function requireSame(source: JetSource, images: JetImages, expected: JetImages): void {
  const [got, wanted] = [images, expected].map(({ shape }) => shape.slice(1).join('×'));
  if (got !== wanted)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${source.name}: images of ${got} beside others of ${wanted}; expected one size in all ways`,
      { got: images.shape, expected: expected.shape },
    );
}
