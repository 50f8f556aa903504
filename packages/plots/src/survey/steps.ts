/** @file How the steps of a recipe read, and which recipes stop after each. */
import { type PixelateStep, type PixelChannel, pixelateOf, type Recipe, type RecipeStep } from '@jetsdk/jets';

const DONE: Readonly<Record<RecipeStep['step'], string>> = {
  centre: 'centred',
  rotate: 'rotated',
  flip: 'flipped',
  pixelate: 'pixelated',
  normalise: 'normalised',
};

const CHANNEL: Readonly<Record<PixelChannel, string>> = {
  pt: 'p_{T} (GeV)',
  energy: 'Energy (GeV)',
  'charged-pt': 'Charged p_{T} (GeV)',
  'neutral-pt': 'Neutral p_{T} (GeV)',
  'charged-leading-pt': 'Charged p_{T} of the leading vertex (GeV)',
  'charged-pileup-pt': 'Charged p_{T} of pile-up (GeV)',
  'neutral-leading-pt': 'Neutral p_{T} of the leading vertex (GeV)',
  multiplicity: 'Constituents',
};

/** The word for what a step has done. */
export const done = (step: RecipeStep): string =>
  step.step === 'normalise' && step.by === 'standardise' ? 'standardised' : DONE[step.step];

/** The recipe without its normalisations: its images hold GeV, or numbers of constituents. */
export function inGev(recipe: Recipe): Recipe {
  return {
    ...recipe,
    name: `${recipe.name} in GeV`,
    steps: recipe.steps.filter(({ step }) => step !== 'normalise'),
  };
}

/** What a pixel holds after a step. */
export function quantityAfter(step: RecipeStep, { channels }: PixelateStep, channel = 0): string {
  if (step.step !== 'normalise') return CHANNEL[channels[channel]];
  return { max: 'Pixel / largest', sum: 'Pixel / sum', l2: 'Pixel / norm', standardise: 'Standardised pixel' }[step.by];
}

/** A step with the recipe that stops there. */
export interface Prefix {
  readonly heading: string;
  /** what a pixel of its first channel holds */
  readonly quantity: string;
  readonly recipe: Recipe;
  readonly halfWidth: number;
}

/**
 * The recipe cut after each step, the jet as listed first; steps on constituents are followed by `pixelate`, and the
 * last of them gives the pixelated image.
 */
export function prefixes(recipe: Recipe): readonly Prefix[] {
  const pixelate = pixelateOf(recipe);
  const at = recipe.steps.indexOf(pixelate);
  const prefix = (heading: string, quantity: string, steps: readonly RecipeStep[], halfWidth: number): Prefix => ({
    heading,
    quantity,
    recipe: { ...recipe, name: `${recipe.name}, ${heading}`, steps },
    halfWidth,
  });
  const wide = prefix('as listed', quantityAfter(pixelate, pixelate), [{ ...pixelate, halfWidth: Math.PI }], Math.PI);
  const rest = recipe.steps.flatMap((step, i) =>
    i === at && at > 0
      ? []
      : [
          prefix(
            done(step),
            quantityAfter(step, pixelate),
            i < at ? [...recipe.steps.slice(0, i + 1), pixelate] : recipe.steps.slice(0, i + 1),
            pixelate.halfWidth,
          ),
        ],
  );
  return [wide, ...rest];
}
