import { expect, test } from 'vitest';
import { namedRecipe, type RecipeName, recipeDescription, recipeNames } from './named.js';

test.each(recipeNames)('%s says what it makes, in one line', (name) => {
  expect(recipeDescription(name)).toMatch(/^.{20,160}$/);
});

test('the names are literal types, and any text may be asked for', () => {
  const known: RecipeName = 'iml-40';
  // @ts-expect-error there is no such recipe
  const unknown: RecipeName = 'iml-41';
  expect(namedRecipe(known).name).toBe(known);
  expect(() => namedRecipe(unknown)).toThrow(/no recipe named iml-41; expected one of iml-40, course-30/);
  expect(() => namedRecipe('constructor')).toThrow(/no recipe named constructor/);
});
