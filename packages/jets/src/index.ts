export * from './artifacts.js';
export * from './card.js';
export * from './errors.js';
export * from './jets.js';
export * from './observables.js';
export { parseCard } from './parseCard.js';
export * from './random.js';
export { canonicalJson, sha256Hex } from './recipe/canonical.js';
export {
  type Imager,
  imager,
  makeImages,
  normaliseImages,
  normaliseInPlace,
  requireFinitePixels,
} from './recipe/imager.js';
export { namedRecipe, recipeNames } from './recipe/named.js';
export { parseRecipe, recipeHash } from './recipe/parse.js';
export * from './recipe/recipe.js';
export { type RecipeStage, recipeStages } from './recipe/stages.js';
export * from './version.js';
