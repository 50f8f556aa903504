/** @file A recipe taken apart: where the constituents of a jet lie after each of its steps. */
import { JetError } from '../errors.js';
import type { Jets } from '../jets.js';
import { constituentAction } from './actions.js';
import { loadConstituents } from './constituents.js';
import { refuse } from './imager.js';
import { makeConstituents } from './plainConstituents.js';
import type { Recipe } from './recipe.js';
import { type ConstituentStep, isConstituentStep } from './steps/index.js';

/** One jet after a step: massless constituents. */
export interface RecipeStage {
  /** done last; undefined for the jet as it is read */
  readonly step: ConstituentStep | undefined;
  /** (m,) GeV */
  readonly pt: Float64Array;
  /** (m,) */
  readonly eta: Float64Array;
  /** (m,) radians */
  readonly phi: Float64Array;
}

/**
 * The constituents of one jet as a recipe reads them, then after each step before `pixelate`, as `imager` sees them.
 *
 * @param jets (n, m, 4) E, px, py, pz in GeV; not modified
 * @param jet index, from 0
 * @returns copies; constituents without transverse momentum are left out
 * @throws {JetError} OUT_OF_RANGE if there is no such jet; NOT_FINITE for a NaN or infinite component
 */
export function recipeStages({ name, steps }: Recipe, jets: Jets, jet: number): readonly RecipeStage[] {
  const [count, slots] = jets.shape;
  if (!Number.isInteger(jet) || jet < 0 || jet >= count)
    throw new JetError('OUT_OF_RANGE', `recipe ${name}: jet ${jet} of ${count}; expected 0 to ${count - 1}`, {
      jet,
      count,
    });
  const work = makeConstituents(slots);
  if (!loadConstituents(work, jets, jet)) refuse(jets, jet);
  const seen = (step: RecipeStage['step']): RecipeStage => ({
    step,
    pt: work.pt.slice(0, work.count),
    eta: work.eta.slice(0, work.count),
    phi: work.phi.slice(0, work.count),
  });
  const stages = [seen(undefined)];
  for (const step of steps) {
    if (!isConstituentStep(step)) break;
    constituentAction(step)(work);
    stages.push(seen(step));
  }
  return stages;
}
