/** @file Readers of option values, for commander; what they refuse ends in exit code 2. */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { isJetError, JetError, namedRecipe, parseRecipe, type Recipe, setMemoryBudget, shortText } from '@jetsdk/jets';
import type { LayoutJson, OpenJetsOptions } from '@jetsdk/jets/files';
import { parseJson } from '@jetsdk/jets/json';

/** A value that an option does not take; `nameOptions` makes the error of it that names the option. */
export class WrongValue extends Error {
  readonly got: string;
  readonly expected: string;
  constructor(got: string, expected: string) {
    super(`got ${shortText(got)}; expected ${expected}`);
    this.got = shortText(got);
    this.expected = expected;
  }
}

/** A whole number of at least `least`, and at most `most`. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least || value > most)
      throw new WrongValue(
        text,
        `a whole number ${most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `of at least ${least}`}`,
      );
    return value;
  };
}

/** A number in (0, most]. */
export function positive(most = Number.MAX_VALUE): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value > 0) || value > most)
      throw new WrongValue(text, `a number above 0${most < Number.MAX_VALUE ? `, at most ${most}` : ''}`);
    return value;
  };
}

/** A number of 0 or more. */
export function notNegative(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < Infinity)) throw new WrongValue(text, 'a number of 0 or more');
  return value;
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
      throw new WrongValue(text, values.length > 2 ? `one of ${values.join(', ')}` : values.join(' or '));
    return found;
  };
}

/** A file to write, whose ending, if it has one, is that of its format. */
export function written(format: string, ...endings: readonly string[]): (text: string) => string {
  return (text) => {
    const ending = extname(text).toLowerCase();
    if (text === '' || (ending !== '' && !endings.includes(ending)))
      throw new WrongValue(text, `a file that ends with ${endings.join(' or ')}, since ${format} is written`);
    return text;
  };
}

/** Lengths from 1, separated by commas. */
export function lengths(text: string): readonly number[] {
  return text.split(',').map(whole(1));
}

/** Collects a repeatable option. */
export function several(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Lengths of an input, `20,4`, or of several by name, `tracks=20,4`. */
export function inputShapes(
  text: string,
  before: readonly number[] | Readonly<Record<string, readonly number[]>> = {},
): readonly number[] | Readonly<Record<string, readonly number[]>> {
  const at = text.indexOf('=');
  if (at < 0) return lengths(text);
  return { ...before, [text.slice(0, at)]: lengths(text.slice(at + 1)) };
}

/** Collects `name=value`. */
export function settings(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new WrongValue(text, 'NAME=VALUE, e.g. hidden.units=128');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** Jets `start:stop`, either end left out for the file's own. */
export function rows(text: string): readonly [start: number, stop: number | undefined] {
  const match = /^(\d*):(\d*)$/.exec(text);
  if (match === null) throw new WrongValue(text, 'START:STOP, for example 0:1000');
  return [match[1] === '' ? 0 : Number(match[1]), match[2] === '' ? undefined : Number(match[2])];
}

/** Names of classes, separated by commas, in the order of their numbers. */
export function names(text: string): readonly string[] {
  const all = text.split(',');
  if (all.length < 2 || all.includes('') || new Set(all).size < all.length)
    throw new WrongValue(text, 'two different names or more, by number');
  return all;
}

/** Beginnings of the names of columns. */
export function ways(text: string): readonly string[] {
  const all = text.split(',');
  if (all.includes('') || new Set(all).size < all.length)
    throw new WrongValue(text, 'one name or more, different ones');
  return all;
}

/** A named recipe, or a JSON file. */
export function recipeOption(text: string): Recipe {
  return text.endsWith('.json') ? parseRecipe(readJson('recipe', text)) : namedRecipe(text);
}

/** A named layout, or a JSON file; checked when a file is opened with it. */
function layoutOption(text: string): string | LayoutJson {
  return text.endsWith('.json') ? (readJson('layout', text) as LayoutJson) : text;
}

export type Layout = ReturnType<typeof layoutOption>;

/** For every command; it takes effect as it is read. */
export const MEMORY = [
  '--memory <size>',
  'how much reading may take, e.g. 8GB or 512MiB (default: what JETSDK_MEMORY says, or 4GiB)',
  (text: string): void => {
    try {
      setMemoryBudget(text);
    } catch (error) {
      if (!isJetError(error, 'BAD_ARGUMENT')) throw error;
      throw new WrongValue(text, 'a size of at least 64MiB, such as 2GB or 512MiB');
    }
  },
] as const;

/** For commands that read ROOT and Parquet files. */
export const LAYOUT = [
  '--layout <name|file.json>',
  'how columns of a ROOT, Parquet or HDF5 file become jets; without it, the built-in layout that fits',
  layoutOption,
] as const;

/** For commands that read jets. */
export const DATASET = [
  '--dataset <path>',
  'dataset, array, table or tree with the jets, where a file has several',
] as const;
export const PADDING = [
  '--padding <number|inf|nan>',
  'what all numbers of a constituent are that is none, in files that fill up jets with it, e.g. -999',
  paddingOption,
] as const;
export const COMPONENTS = [
  '--components <list>',
  'what the numbers of a constituent are, of an array (n, m, k): E,px,py,pz or px,py,pz,E or pt,eta,phi,m, also about the jet axis; _ for others',
  (text: string): readonly string[] => text.split(','),
] as const;
export const UNIT = ['--unit <GeV|MeV>', 'of such momenta and energies; default: GeV', choice('GeV', 'MeV')] as const;
export const SIGNAL = [
  '--signal <label>',
  'the label of signal where labels are not 0 and 1, such as 1 of −1 and 1, or a name; of one-hot labels (n, k) the column, from 0',
] as const;
export const CLASS_DATASETS = [
  '--classes <names>',
  'datasets of images of one class each, separated by commas, background first',
  (text: string): readonly string[] => text.split(','),
] as const;

function paddingOption(text: string): number | 'nan' {
  if (text.toLowerCase() === 'nan') return 'nan';
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new WrongValue(text, 'a number such as -999, inf or nan');
  return value;
}

/** How a command reads jets. */
export type JetFlags = Pick<OpenJetsOptions, 'layout' | 'dataset' | 'padding' | 'classes' | 'components' | 'unit'>;

/** The flags of `JetFlags` among others. */
export const jetOptions = ({ layout, dataset, padding, classes, components, unit }: JetFlags): JetFlags => ({
  ...(layout !== undefined && { layout }),
  ...(dataset !== undefined && { dataset }),
  ...(padding !== undefined && { padding }),
  ...(classes !== undefined && { classes }),
  ...(components !== undefined && { components }),
  ...(unit !== undefined && { unit }),
});

/** How a command reads jets with their labels. */
export type LabelledFlags = JetFlags & Pick<OpenJetsOptions, 'signal'>;

/** The flags of `LabelledFlags` among others. */
export const labelledOptions = ({ signal, ...flags }: LabelledFlags): LabelledFlags => ({
  ...jetOptions(flags),
  ...(signal !== undefined && { signal }),
});

function readJson(what: string, path: string): unknown {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new JetError(
      'FILE_NOT_FOUND',
      `${what}: cannot read ${path}; expected a JSON file, or a name without an ending`,
      { path },
      { cause },
    );
  }
  return parseJson(content, `${what}: ${path}`);
}
