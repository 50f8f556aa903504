/** @file The recipe step by step, for single jets and for averages. */
import { type Jets, jetKinematics, makeImages, pixelateOf, type Recipe, recipeStages } from '@jetsdk/jets';
import { formatJets } from '../parts/formatNumber.js';
import type { RecipeStripData, StripCell } from '../pictures/recipeStrip.js';
import type { BookTable } from '../report/pictureBook.js';
import { massPath, pixelMasses, ROTATION, type Variant, variantsOf } from './masses.js';
import { singleImage } from './singleImage.js';
import { done, quantityAfter } from './steps.js';
import type { Example, Survey } from './survey.js';

/** GeV */
const gev = (mass: number): string => `m = ${mass.toFixed(mass < 10 ? 2 : 1)} GeV`;

/** What the discs of constituents show. */
const DISCS = 'p_{T} (GeV)';

/** The axis title of an average. */
export const mean = (quantity: string): string => `Mean ${quantity.charAt(0).toLowerCase()}${quantity.slice(1)}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** One jet after each step, with its mass; where the recipe rotates, once for each kind of rotation. */
export function exampleStrip(recipe: Recipe, { jets }: Example): RecipeStripData {
  const pixelate = pixelateOf(recipe);
  const variants = variantsOf(recipe);
  const at = recipe.steps.indexOf(pixelate);
  const firstRotation = recipe.steps.findIndex(({ step }) => step === 'rotate');
  return {
    columns: [
      { heading: 'as listed', quantity: DISCS },
      ...recipe.steps.map((step, i) => ({
        heading: done(step),
        quantity: i < at ? DISCS : quantityAfter(step, pixelate),
      })),
    ],
    rows: variants.map((variant, v) => ({
      label:
        variant.mode === undefined
          ? `Recipe ${recipe.name}`
          : `${capital(ROTATION[variant.mode])}${v === 0 ? `, as in ${recipe.name}` : ''}`,
      cells: cellsOf(recipe, variant, jets).map((cell, i) => (v > 0 && i <= firstRotation ? undefined : cell)),
    })),
  };

  function cellsOf(all: Recipe, variant: Variant, one: Jets): StripCell[] {
    const { mass, eta, phi } = jetKinematics(one);
    const axis = [eta[0], phi[0]].map((x) => Math.round(x * 20) / 20) as [number, number];
    const masses = massPath(one, 0, mass[0], variant, pixelMasses(one, variant)[0]).slice(1);
    const stages = recipeStages(variant.recipe, one, 0);
    let centred = false;
    const discs = stages.map(({ step, ...content }, i): StripCell => {
      centred ||= step?.step === 'centre';
      const near = content.phi.map((x) => x - 2 * Math.PI * Math.round((x - axis[1]) / (2 * Math.PI)));
      return {
        content: centred ? content : { ...content, phi: near },
        halfWidth: pixelate.halfWidth,
        note: gev(masses[i]),
        ...(!centred && { centre: axis }),
      };
    });
    const images = all.steps.slice(at).map((step, i): StripCell => {
      const steps = [...variant.recipe.steps.slice(0, -1), pixelate, ...all.steps.slice(at + 1, at + 1 + i)];
      return {
        content: singleImage(makeImages({ ...all, steps }, one)),
        halfWidth: pixelate.halfWidth,
        ...(step.step === 'pixelate' && { note: gev(masses.at(-1)!) }),
      };
    });
    return [...discs, ...images];
  }
}

/** The mean image of each class after each step. */
export function averageStrip(
  { classes, counts }: Pick<Survey, 'classes' | 'counts'>,
  { averages }: Pick<NonNullable<Survey['steps']>, 'averages'>,
): RecipeStripData {
  return {
    columns: averages.map(({ heading, quantity }) => ({ heading, quantity: mean(quantity) })),
    rows: classes.map((name, label) => ({
      label: `${name}, ${formatJets(counts[label])}`,
      cells: averages.map(({ of, halfWidth }, i) => {
        const content = of.image(label);
        return content && { content, halfWidth, ...(i === 0 && { centre: [0, 0] as const }) };
      }),
    })),
  };
}

const titles = (recipe: Recipe): readonly string[] => [
  'read as massless',
  ...recipe.steps.filter(({ step }) => step !== 'normalise').map(done),
];

/** Masses of single jets before the first and after each step. */
export function exampleTable(recipe: Recipe, examples: readonly Example[], classes: readonly string[]): BookTable {
  const variants = variantsOf(recipe);
  const columns = examples.flatMap(({ jet, label, jets }) =>
    variants.map((variant) => ({
      head: `${classes[label]} jet ${jet}${variant.mode === undefined ? '' : `, ${variant.mode === 'plane' ? 'plain' : 'Lorentz-style'}`}`,
      masses: massPath(jets, 0, jetKinematics(jets).mass[0], variant, pixelMasses(jets, variant)[0]),
    })),
  );
  return {
    label: 'Mass of the jets above, in GeV',
    head: ['After', ...columns.map(({ head }) => head)],
    rows: ['as listed', ...titles(recipe)].map((title, i) => [
      title,
      ...columns.map(({ masses }) => masses[i].toFixed(2)),
    ]),
  };
}

/** A relative change as a percentage. */
export function percent(change: number): string {
  const value = 100 * change;
  if (value === 0) return '0';
  if (value < 1e-4) return '< 0.0001 %';
  return `${value.toFixed(value < 0.1 ? 4 : value < 10 ? 2 : 1)} %`;
}

/** Mean relative change of the mass by each step, over all jets. */
export function changeTable(
  recipe: Recipe,
  classes: readonly string[],
  { masses }: NonNullable<Survey['steps']>,
): BookTable {
  const changes = masses.changes();
  const columns = masses.variants.flatMap(({ mode }, v) =>
    classes.map((name, label) => ({
      head: `${name}${mode === undefined ? '' : `, ${mode === 'plane' ? 'plain' : 'Lorentz-style'}`}`,
      steps: changes[v].map((step) => step[label]),
    })),
  );
  const rows = titles(recipe).map((title, i) => [title, ...columns.map(({ steps }) => percent(steps[i].mean))]);
  return {
    label: 'Mean |Δm|/m by each step, over all jets',
    head: ['Step', ...columns.map(({ head }) => head)],
    rows,
  };
}
