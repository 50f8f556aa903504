import { extname } from 'node:path';
import {
  imageRecipes,
  JetError,
  type Jets,
  makeImages,
  namedRecipe,
  pixelateOf,
  type Recipe,
  recipeDescription,
  recipeHash,
  recipeNames,
} from '@jetsdk/jets';
import { openJets, writeFileAtomically } from '@jetsdk/jets/files';
import { recipeStrip } from '@jetsdk/plots';
import { exampleStrip, exampleTable } from '@jetsdk/plots/survey';
import { type JetFlags, jetOptions, recipeOption } from '../options.js';
import { print, printJson, say, table } from '../terminal.js';

export interface RecipeFlags extends Omit<JetFlags, 'classes'> {
  readonly jet?: number;
  readonly draw?: string;
  readonly json?: true;
}

/** Lists the recipes, shows one, or tries it on a jet. */
export async function showRecipes(
  given: string | undefined,
  file: string | undefined,
  flags: RecipeFlags,
): Promise<void> {
  const { jet = 0, draw, json } = flags;
  if (file === undefined && (flags.jet !== undefined || draw !== undefined))
    throw new JetError(
      'BAD_ARGUMENT',
      `recipes: option ${draw === undefined ? '--jet' : '--draw'} without jets; expected a file of constituents behind the recipe`,
    );
  if (given === undefined) {
    const recipes = recipeNames.map((name) => ({ description: recipeDescription(name), ...namedRecipe(name) }));
    if (json) printJson(recipes);
    else
      print(
        table(
          ['name', 'image', 'what'],
          recipes.map((one) => [one.name, shapesOf(one).join(', '), one.description]),
        ),
      );
    return;
  }
  const recipe = recipeOption(given);
  if (file === undefined) {
    if (json) printJson(recipe);
    else print(described(recipe));
    return;
  }
  const one = await oneJet(file, jet, flags);
  const images = [...imageRecipes(recipe)].map(([name, of]) => ({ name, recipe: of, image: makeImages(of, one) }));
  if (json)
    printJson(images.map(({ name, image }) => ({ image: name, shape: image.shape.slice(1), pixels: [...image.data] })));
  else {
    const [first] = images;
    const { head, rows } = exampleTable(first.recipe, [{ jet, label: 0, jets: one }], ['mass in GeV,']);
    print(`${table(head, rows)}\n\n${imageTable(images)}`);
  }
  if (draw === undefined) return;
  for (const { name, recipe: of } of images) {
    const path = images.length === 1 ? draw : withImage(draw, name);
    const strip = exampleStrip(of, { jet, label: 0, jets: one });
    await writeFileAtomically(path, `${recipeStrip(strip, { theme: 'light' })}\n`);
    say(`${path}: jet ${jet} of ${file} after each step of ${of.name}`);
  }
}

async function oneJet(file: string, jet: number, flags: RecipeFlags): Promise<Jets> {
  const source = await openJets(file, jetOptions(flags));
  try {
    if (jet >= source.count)
      throw new JetError('OUT_OF_RANGE', `recipes: jet ${jet} of ${file}; expected 0 to ${source.count - 1}`, {
        jet,
        count: source.count,
      });
    const read = await source.read(jet, jet + 1);
    if (read.kind === 'images')
      throw new JetError(
        'BAD_DATASET',
        `recipes: ${file} holds images; expected constituents, which recipes begin with`,
      );
    return read;
  } finally {
    source.close();
  }
}

const shapesOf = (recipe: Recipe): string[] =>
  [...imageRecipes(recipe).values()].map((one) => {
    const { pixels, channels } = pixelateOf(one);
    return `${pixels}×${pixels}×${channels.length}`;
  });

function described(recipe: Recipe): string {
  const { name, steps } = recipe;
  const rows = steps.map(({ step, ...settings }) => [
    step,
    Object.entries(settings)
      .map(([key, value]) => `${key} ${Array.isArray(value) ? value.join(', ') : String(value)}`)
      .join('; '),
  ]);
  const hash = recipeHash(recipe);
  const known = recipeNames.find((one) => recipeHash(namedRecipe(one)) === hash);
  return [
    `${name}: ${known === undefined ? shapesOf(recipe).join(', ') : `${known === name ? '' : `as ${known}, `}${recipeDescription(known)}`}`,
    `SHA-256 of its steps ${hash}`,
    '',
    table(['step', 'settings'], rows),
  ].join('\n');
}

function imageTable(
  images: readonly { readonly name: string; readonly image: ReturnType<typeof makeImages> }[],
): string {
  const rows = images.map(({ name, image: { shape, data } }) => [
    name,
    shape.slice(1).join('×'),
    String(data.reduce((count, pixel) => count + (pixel === 0 ? 0 : 1), 0)),
    short(data.reduce((sum, pixel) => sum + pixel, 0)),
    short(data.reduce((least, pixel) => Math.min(least, pixel), Number.POSITIVE_INFINITY)),
    short(data.reduce((most, pixel) => Math.max(most, pixel), Number.NEGATIVE_INFINITY)),
  ]);
  return table(['image', 'shape', 'pixels not zero', 'sum', 'least', 'largest'], rows);
}

const short = (value: number): string => String(Number(value.toPrecision(5)));

/** jet.svg for the image `neutral` is jet-neutral.svg */
function withImage(path: string, image: string): string {
  const ending = extname(path);
  return `${path.slice(0, path.length - ending.length)}-${image}${ending}`;
}
