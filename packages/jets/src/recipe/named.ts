import { JetError } from '../errors.js';
import { shortText } from '../quoted.js';
import type { Recipe, RecipeStep } from './recipe.js';
import type { PixelChannel } from './steps/pixelate.js';

const iml: readonly RecipeStep[] = [
  { step: 'centre', on: 'leading' },
  { step: 'rotate', by: 'second', mode: 'plane', onto: '+phi' },
  { step: 'pixelate', pixels: 40, halfWidth: 0.8, channels: ['pt'] },
  { step: 'normalise', by: 'max' },
];

const course: readonly RecipeStep[] = [
  { step: 'centre', on: 'leading' },
  { step: 'rotate', by: 'second', minDeltaR: 0.35, mode: 'lorentz', onto: '-phi' },
  { step: 'flip', axes: ['eta'] },
  { step: 'pixelate', pixels: 30, halfWidth: 1.4, channels: ['pt'] },
];

const landscapeInGev = (pixels: number): readonly RecipeStep[] => [
  { step: 'centre', on: 'centroid' },
  { step: 'rotate', by: 'principal-axis', mode: 'lorentz', onto: '-phi' },
  { step: 'flip', axes: ['eta', 'phi'] },
  { step: 'pixelate', pixels, halfWidth: 0.8, channels: ['pt'] },
];

const landscape = (pixels: number): readonly RecipeStep[] => [
  ...landscapeInGev(pixels),
  { step: 'normalise', by: 'sum' },
  { step: 'normalise', by: 'standardise', mean: [0], std: [0.01] },
];

const jetImages: readonly RecipeStep[] = [
  { step: 'centre', on: 'jet' },
  { step: 'rotate', by: 'subjets', mode: 'lorentz', onto: '-phi' },
  { step: 'flip', axes: ['eta'] },
  { step: 'pixelate', pixels: 25, halfWidth: 1.25, channels: ['pt'] },
];

const higgs = (pixels: number, ...channels: readonly PixelChannel[]): readonly RecipeStep[] => [
  { step: 'centre', on: 'jet' },
  { step: 'pixelate', pixels, halfWidth: 0.8, channels },
];

/** Pixels in units of 10 GeV. */
const tens: RecipeStep = { step: 'normalise', by: 'standardise', mean: [0], std: [10] };

interface Entry {
  readonly description: string;
  readonly steps: readonly RecipeStep[];
}

/** The recipes of the field's courses and papers: what each is, and its steps. */
const RECIPES = {
  'iml-40': {
    description: 'images of a top-tagging tutorial: 40×40 over ±0.8, divided by the maximum',
    steps: iml,
  },
  'course-30': { description: 'images of a data-analysis school: 30×30 over ±1.4, pT in GeV', steps: course },
  'course-30-sum': {
    description: 'course-30, each image divided by its sum',
    steps: [...course, { step: 'normalise', by: 'sum' }],
  },
  'course-30-max': {
    description: 'course-30, each image divided by its maximum',
    steps: [...course, { step: 'normalise', by: 'max' }],
  },
  'landscape-40': {
    description:
      'after arXiv:1803.00107: 40×40 over ±0.8 about the pT centroid, turned so that the jet mass is kept; pixels in percent of the summed pT',
    steps: landscape(40),
  },
  'landscape-160': { description: 'landscape-40 with pixels of 0.01: 160×160', steps: landscape(160) },
  'landscape-160-gev': {
    description: 'landscape-160 with pixels in GeV, which keep the momentum of the jet',
    steps: landscapeInGev(160),
  },
  'jet-images-25': { description: 'arXiv:1511.05190: 25×25 over ±1.25, pT in GeV', steps: jetImages },
  'higgs-224': {
    description: 'H→bb images: 224×224 over ±0.8 about the jet axis, pT in GeV',
    steps: higgs(224, 'pt'),
  },
  'higgs-48': { description: 'H→bb images: 48×48 over ±0.8, in units of 10 GeV', steps: [...higgs(48, 'pt'), tens] },
  'higgs-48-views': {
    description: 'higgs-48 with the pT of charged and of neutral constituents as two channels',
    steps: [...higgs(48, 'charged-pt', 'neutral-pt'), tens],
  },
} satisfies Readonly<Record<string, Entry>>;

const pileUp = (pixels: number, channel: PixelChannel, image?: string): RecipeStep => ({
  step: 'pixelate',
  pixels,
  halfWidth: 0.45,
  channels: [channel],
  ...(image !== undefined && { image }),
});

/** The recipes of jets whose constituents know their vertex, seen about an axis that was measured with pile-up. */
const PILE_UP_RECIPES = {
  pumml: {
    description:
      'arXiv:1707.08600: three images over ±0.45, pT in GeV: neutral 9×9, charged of pile-up 36×36, charged of the leading vertex 36×36',
    steps: [
      pileUp(9, 'neutral-pt', 'neutral'),
      pileUp(36, 'charged-pileup-pt', 'pileup'),
      pileUp(36, 'charged-leading-pt', 'leading'),
    ],
  },
  'pumml-fine': {
    description: 'pumml with the neutral momenta by finer pixels too: three images 36×36 over ±0.45, pT in GeV',
    steps: [
      pileUp(36, 'neutral-pt', 'neutral'),
      pileUp(36, 'charged-pileup-pt', 'pileup'),
      pileUp(36, 'charged-leading-pt', 'leading'),
    ],
  },
  'pumml-truth': {
    description: 'what a network of pumml is to give: neutral pT of the leading vertex, 9×9 over ±0.45, in GeV',
    steps: [pileUp(9, 'neutral-leading-pt')],
  },
} satisfies Readonly<Record<string, Entry>>;

const ALL = { ...RECIPES, ...PILE_UP_RECIPES };

/** A recipe that `namedRecipe` has. */
export type RecipeName = keyof typeof ALL;

/** The recipes of the field's courses and papers that make one image of any jet. */
export const recipeNames = Object.keys(RECIPES) as readonly (keyof typeof RECIPES)[];

/** The recipes for jets whose constituents have a vertex. */
export const pileUpRecipeNames = Object.keys(PILE_UP_RECIPES) as readonly (keyof typeof PILE_UP_RECIPES)[];

/** @throws {JetError} BAD_ARGUMENT if there is no recipe of that name */
export function namedRecipe(name: RecipeName): Recipe;
export function namedRecipe(name: string): Recipe;
export function namedRecipe(name: string): Recipe {
  return { format: 'jetsdk-recipe/1', name, steps: entry(name).steps };
}

/**
 * What a named recipe makes, in a line for people.
 *
 * @throws {JetError} BAD_ARGUMENT if there is no recipe of that name
 */
export function recipeDescription(name: RecipeName): string;
export function recipeDescription(name: string): string;
export function recipeDescription(name: string): string {
  return entry(name).description;
}

function entry(name: string): Entry {
  if (!isRecipeName(name))
    throw new JetError(
      'BAD_ARGUMENT',
      `recipe: no recipe named ${shortText(name)}; expected one of ${Object.keys(ALL).join(', ')}`,
      { name },
    );
  return ALL[name];
}

const isRecipeName = (name: string): name is RecipeName => Object.hasOwn(ALL, name);
