import type { Command } from 'commander';
import type { RecipeFlags } from '../actions/recipes.js';
import { COMPONENTS, DATASET, LAYOUT, PADDING, UNIT, whole } from '../options.js';

/** `jetsdk recipes` */
export function addRecipes(command: Command): void {
  command
    .argument('[recipe]', 'name, or a file that ends in .json: show it; without one, all names are listed')
    .argument('[jets]', 'HDF5, .npy, .npz, ROOT, Parquet or .csv file of constituents: try it on one of them')
    .option('--jet <number>', 'the jet of the file to try it on, from 0 (default: 0)', whole(0))
    .option('--draw <file.svg>', 'draw the jet after each step; one file for each image that the recipe makes')
    .option(...DATASET)
    .option(...LAYOUT)
    .option(...PADDING)
    .option(...COMPONENTS)
    .option(...UNIT)
    .option('--json', 'print JSON; of a recipe, the file that --recipe takes')
    .action(async (recipe: string | undefined, jets: string | undefined, flags: RecipeFlags) =>
      (await import('../actions/recipes.js')).showRecipes(recipe, jets, flags),
    );
}
