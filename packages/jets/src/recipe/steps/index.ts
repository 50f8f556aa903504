/** @file The table of recipe steps; parser, imager and documentation go by it. */
import type { RecipeStep } from '../recipe.js';
import { centre } from './centre.js';
import { flip } from './flip.js';
import { normalise } from './normalise.js';
import { pixelate } from './pixelate.js';
import { rotate } from './rotate.js';
import type { StepRule } from './step.js';

export type StepName = RecipeStep['step'];
/** The step of a name. */
export type StepOf<N extends StepName> = Extract<RecipeStep, { readonly step: N }>;

/** Every step, in an order in which they may stand. */
export const STEPS = { centre, rotate, flip, pixelate, normalise } satisfies {
  readonly [N in StepName]: StepRule<StepOf<N>>;
};

/** A step that moves constituents. */
export type ConstituentStep = {
  [N in StepName]: (typeof STEPS)[N]['on'] extends 'constituents' ? StepOf<N> : never;
}[StepName];

/** The row of a step; to be used with this step alone. */
export function ruleOf({ step }: RecipeStep): StepRule<RecipeStep> {
  return STEPS[step];
}

export const isConstituentStep = (step: RecipeStep): step is ConstituentStep => ruleOf(step).on === 'constituents';
