/** @file What each step of a recipe does to the jet mass. */
import {
  type Jets,
  jetKinematics,
  makeImages,
  type PixelateStep,
  pixelateOf,
  type Recipe,
  type RotateStep,
  recipeStages,
} from '@jetsdk/jets';
import { type Tally, tally } from '../counts/tally.js';

/** The recipe with one kind of rotation. */
export interface Variant {
  /** undefined for a recipe that does not rotate */
  readonly mode: RotateStep['mode'] | undefined;
  /** up to and with `pixelate`, which adds up pT */
  readonly recipe: Recipe;
}

/** Relative changes of the mass by one step, of the jets of one class. */
export interface MassChange {
  readonly jets: number;
  /** of |after − before| / before */
  readonly mean: number;
  readonly largest: number;
}

/** What happens to the jet mass on the way from the four-vectors of the file to pixels. */
export interface MassSteps {
  readonly variants: readonly Variant[];
  /** (variants, steps, classes); the first step is reading the constituents as massless */
  changes(): readonly (readonly (readonly MassChange[])[])[];
  /** one a class: masses as listed, after the steps on constituents by each variant, of the pixels of the first variant */
  readonly distributions: readonly Tally[];
  add(jets: Jets, labels: Uint8Array): void;
}

/** Lighter jets have no relative change. GeV */
const LIGHTEST = 1e-3;

export const ROTATION = { plane: 'plain rotation', lorentz: 'Lorentz-style rotation' } as const;

/** The recipe's own rotation first. */
export function variantsOf(recipe: Recipe): readonly Variant[] {
  const image = pixelateOf(recipe);
  const pixelate: PixelateStep = { ...image, channels: ['pt'] };
  const steps = [...recipe.steps.slice(0, recipe.steps.indexOf(image)), pixelate];
  const own = steps.find((step): step is RotateStep => step.step === 'rotate')?.mode;
  const modes =
    own === undefined
      ? [undefined]
      : own === 'plane'
        ? (['plane', 'lorentz'] as const)
        : (['lorentz', 'plane'] as const);
  return modes.map((mode) => ({
    mode,
    recipe: {
      ...recipe,
      steps: steps.map((step) => (step.step === 'rotate' && mode !== undefined ? { ...step, mode } : step)),
    },
  }));
}

/**
 * Mass of massless particles.
 *
 * @param particles pT in GeV, η and φ of each
 * @returns GeV
 */
export function massOf({ pt, eta, phi }: Record<'pt' | 'eta' | 'phi', Float64Array>): number {
  let [e, px, py, pz] = [0, 0, 0, 0];
  for (let i = 0; i < pt.length; i++) {
    e += pt[i] * Math.cosh(eta[i]);
    px += pt[i] * Math.cos(phi[i]);
    py += pt[i] * Math.sin(phi[i]);
    pz += pt[i] * Math.sinh(eta[i]);
  }
  return Math.sqrt(Math.max(0, e * e - px * px - py * py - pz * pz));
}

/** Mass of an image, its pixels taken as massless particles at their middle. @param side pixels of a row */
export function pixelMass(pixels: Float32Array, from: number, side: number, halfWidth: number): number {
  let [e, px, py, pz] = [0, 0, 0, 0];
  for (let i = 0; i < side * side; i++) {
    const pt = pixels[from + i];
    if (pt === 0) continue;
    const eta = ((2 * Math.floor(i / side) + 1) / side - 1) * halfWidth;
    const phi = ((2 * (i % side) + 1) / side - 1) * halfWidth;
    e += pt * Math.cosh(eta);
    px += pt * Math.cos(phi);
    py += pt * Math.sin(phi);
    pz += pt * Math.sinh(eta);
  }
  return Math.sqrt(Math.max(0, e * e - px * px - py * py - pz * pz));
}

/** Mass of one jet as the file has it, as read, then after each step of the variant up to `pixelate`. GeV */
export function massPath(jets: Jets, jet: number, listed: number, { recipe }: Variant, pixelated: number): number[] {
  return [listed, ...recipeStages(recipe, jets, jet).map(massOf), pixelated];
}

/** @param classes names, index = label */
export function massSteps(recipe: Recipe, classes: readonly string[]): MassSteps {
  const variants = variantsOf(recipe);
  const steps = variants[0].recipe.steps.length + 1;
  const sums = variants.map(() =>
    Array.from({ length: steps }, () => classes.map(() => ({ jets: 0, sum: 0, largest: 0 }))),
  );
  const rotations = (['plane', 'lorentz'] as const).filter((mode) => variants.some((one) => one.mode === mode));
  const stages = ['as listed', ...rotations.map((mode) => `after ${ROTATION[mode]}`), 'of the pixels'];
  const distributions = classes.map(() => tally(stages));
  return {
    variants,
    distributions,
    changes: () =>
      sums.map((variant) =>
        variant.map((step) =>
          step.map(({ jets, sum, largest }) => ({ jets, mean: jets === 0 ? 0 : sum / jets, largest })),
        ),
      ),
    add(jets, labels) {
      const { mass: listed } = jetKinematics(jets);
      variants.forEach((variant, v) => {
        const pixelated = pixelMasses(jets, variant);
        for (let jet = 0; jet < labels.length; jet++) {
          const label = labels[jet];
          const path = massPath(jets, jet, listed[jet], variant, pixelated[jet]);
          for (let step = 0; step < steps; step++) {
            const before = path[step];
            if (before < LIGHTEST) continue;
            const change = Math.abs(path[step + 1] - before) / before;
            const sum = sums[v][step][label];
            sum.jets++;
            sum.sum += change;
            sum.largest = Math.max(sum.largest, change);
          }
          const distribution = distributions[label];
          if (v === 0) {
            distribution.add(0, path[0]);
            distribution.add(stages.length - 1, path.at(-1)!);
          }
          if (variant.mode !== undefined) distribution.add(1 + rotations.indexOf(variant.mode), path.at(-2)!);
        }
      });
    },
  };
}

/** Masses of the images of all jets. GeV */
export function pixelMasses(jets: Jets, { recipe }: Variant): Float64Array {
  const { pixels, halfWidth } = recipe.steps.at(-1) as PixelateStep;
  const { data } = makeImages(recipe, jets);
  return Float64Array.from({ length: jets.shape[0] }, (_, jet) =>
    pixelMass(data, jet * pixels * pixels, pixels, halfWidth),
  );
}
