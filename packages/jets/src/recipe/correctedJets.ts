/** @file Jets whose neutral part is an image: what they weigh when pile-up has been taken out of it. */
import { JetError } from '../errors.js';
import type { JetImages, Jets } from '../jets.js';
import { constituentAction } from './actions.js';
import { loadConstituents } from './constituents.js';
import { makeConstituents } from './plainConstituents.js';
import { imageRecipes, pixelateOf, type Recipe } from './recipe.js';

/** (n,) each, in GeV */
export interface CorrectedJets {
  /** of the vector sum */
  readonly pt: Float64Array;
  /** 0 where rounding makes m² negative */
  readonly mass: Float64Array;
}

/** Of an anti-kT jet with R = 0.4. */
const RADIUS = 0.4;

/**
 * Transverse momentum and mass of jets: the charged constituents of the leading vertex, and the pixels of an image of
 * neutral momenta as massless particles at their centres, both within a radius of the origin of the images.
 *
 * @param images (n, η, φ, 1) in GeV; not modified
 * @param jets the same n jets, with charge and vertex; not modified
 * @param options the recipe that made the inputs of the network, whose steps in front of `pixelate` set the origin; half the
 *   width of the images; a radius in (η, φ), default 0.4
 * @throws {JetError} SHAPE_MISMATCH for another number of jets; BAD_DATASET without charge and vertex
 */
export function correctedJets(
  { shape: [count, height, width, channels], data }: JetImages,
  jets: Jets,
  {
    recipe,
    halfWidth,
    radius = RADIUS,
  }: { readonly recipe: Recipe; readonly halfWidth: number; readonly radius?: number },
): CorrectedJets {
  const { charge, vertex } = jets;
  if (jets.shape[0] !== count || channels !== 1)
    throw new JetError(
      'SHAPE_MISMATCH',
      `correctedJets: ${count} images of ${channels} channels for ${jets.shape[0]} jets; expected one of one channel for each`,
      { images: count, jets: jets.shape[0] },
    );
  if (charge === undefined || vertex === undefined)
    throw new JetError('BAD_DATASET', 'correctedJets: jets without charge and vertex; expected both');
  const [first] = imageRecipes(recipe).values();
  const before = first.steps.slice(0, first.steps.indexOf(pixelateOf(first))).map(constituentAction);
  const work = makeConstituents(jets.shape[1]);
  const pt = new Float64Array(count);
  const mass = new Float64Array(count);
  const sum = { e: 0, x: 0, y: 0, z: 0 };
  const place = (momentum: number, eta: number, phi: number): void => {
    if (eta * eta + phi * phi >= radius * radius) return;
    sum.e += momentum * Math.cosh(eta);
    sum.x += momentum * Math.cos(phi);
    sum.y += momentum * Math.sin(phi);
    sum.z += momentum * Math.sinh(eta);
  };
  for (let jet = 0; jet < count; jet++) {
    sum.e = sum.x = sum.y = sum.z = 0;
    loadConstituents(work, jets, jet);
    for (const act of before) act(work);
    for (let i = 0; i < work.count; i++)
      if (work.charge[i] !== 0 && work.vertex[i] === 0) place(work.pt[i], work.eta[i], work.phi[i]);
    for (let row = 0, at = jet * height * width; row < height; row++)
      for (let column = 0; column < width; column++, at++)
        if (data[at] > 0)
          place(data[at], ((2 * row + 1) / height - 1) * halfWidth, ((2 * column + 1) / width - 1) * halfWidth);
    pt[jet] = Math.hypot(sum.x, sum.y);
    mass[jet] = Math.sqrt(Math.max(0, sum.e ** 2 - sum.x ** 2 - sum.y ** 2 - sum.z ** 2));
  }
  return { pt, mass };
}
