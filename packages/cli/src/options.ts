/** @file Readers of option values, for commander; what they refuse ends in exit code 2. */
import { readFileSync } from 'node:fs';
import { JetError, namedRecipe, parseRecipe, type Recipe, recipeNames } from '@jetsdk/jets';

/** A whole number of at least `least`. */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
      throw new JetError('BAD_ARGUMENT', `option: got ${text}; expected a whole number of at least ${least}`);
    return value;
  };
}

/** A number in (0, most]. */
export function positive(most = Number.MAX_VALUE): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value > 0) || value > most)
      throw new JetError(
        'BAD_ARGUMENT',
        `option: got ${text}; expected a number above 0${most < Number.MAX_VALUE ? `, at most ${most}` : ''}`,
      );
    return value;
  };
}

/** Numbers in (0, 1], separated by commas. */
export function fractions(text: string): number[] {
  return text.split(',').map(positive(1));
}

/** One of some words. */
export function choice<T extends string>(...values: readonly T[]): (text: string) => T {
  return (text) => {
    const found = values.find((value) => value === text);
    if (found === undefined)
      throw new JetError('BAD_ARGUMENT', `option: got ${text}; expected one of ${values.join(', ')}`);
    return found;
  };
}

/** Collects a repeatable option. */
export function several(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Jets `start:stop`, either end left out for the file's own. */
export function rows(text: string): readonly [start: number, stop: number | undefined] {
  const match = /^(\d*):(\d*)$/.exec(text);
  if (match === null) throw new JetError('BAD_ARGUMENT', `rows: got ${text}; expected START:STOP, for example 0:1000`);
  return [match[1] === '' ? 0 : Number(match[1]), match[2] === '' ? undefined : Number(match[2])];
}

/** A named recipe, or a JSON file. */
export function recipeOption(text: string): Recipe {
  if (!text.endsWith('.json')) return namedRecipe(text);
  let content: string;
  try {
    content = readFileSync(text, 'utf8');
  } catch (cause) {
    throw new JetError(
      'FILE_NOT_FOUND',
      `recipe: cannot read ${text}; give a JSON file or one of ${recipeNames.join(', ')}`,
      { path: text },
      { cause },
    );
  }
  try {
    return parseRecipe(JSON.parse(content));
  } catch (cause) {
    if (cause instanceof SyntaxError)
      throw new JetError('BAD_FILE', `recipe: ${text} is not JSON: ${cause.message}`, { path: text }, { cause });
    throw cause;
  }
}
