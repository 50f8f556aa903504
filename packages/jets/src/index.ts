export * from './artifacts.js';
export * from './card.js';
export * from './errors.js';
export * from './jets.js';
export * from './random.js';
export * from './recipe/recipe.js';
export * from './version.js';
