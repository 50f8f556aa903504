import { imageRecipes, namedRecipe, pixelateOf, type Recipe } from '@jetsdk/jets';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { selectedBackend } from '../backend/backend.js';
import { seededLayers } from '../networks/layers.js';
import type { ImageShape, RegressionNetwork } from './network.js';

/** The recipes of a network: of each input by its name, and of what it is to give. */
export interface RegressionRecipes {
  readonly inputs: ReadonlyMap<string, Recipe>;
  readonly truth: Recipe;
}

export function recipesOf({ recipe, truth }: Pick<RegressionNetwork, 'recipe' | 'truth'>): RegressionRecipes {
  return { inputs: imageRecipes(namedRecipe(recipe)), truth: namedRecipe(truth) };
}

/** Of the images that a recipe makes. */
export function shapeOf(recipe: Recipe): ImageShape {
  const { pixels, channels } = pixelateOf(recipe);
  return [pixels, pixels, channels.length];
}

/**
 * Makes a regression network with fresh weights, on the selected backend; dispose of it after use.
 *
 * @param seed an integer in [0, 2³²); the same seed gives the same weights
 * @throws {JetError} DEVICE_UNAVAILABLE if no backend has been selected
 */
export function buildRegressor(network: RegressionNetwork, seed: number): LayersModel {
  selectedBackend();
  const { inputs, truth } = recipesOf(network);
  const shapes = Object.fromEntries([...inputs].map(([name, recipe]) => [name, shapeOf(recipe)]));
  return network.build({ layers: seededLayers(seed), inputs: shapes, output: shapeOf(truth) });
}
