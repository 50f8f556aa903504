/** @file Strict reading of run.json: what is not understood is an error. */
import { isJetError, JetError, parseInputRange, parseRecipe, type Recipe } from '@jetsdk/jets';
import {
  type Check,
  count,
  finite,
  flag,
  isObject,
  listOf,
  object,
  oneOf,
  optional,
  recordOf,
  satisfies,
  sha256,
  text,
  whole,
} from '@jetsdk/jets/json';
import { runSettings, seed } from '../fit/settings.js';
import type { DatasetFacts, Run } from './run.js';

/** @throws {JetError} of the code, where it is no recipe */
export const recipe: Check<Recipe> = (value, { where, code }) => {
  try {
    return parseRecipe(value);
  } catch (cause) {
    if (!isJetError(cause)) throw cause;
    throw new JetError(code, `${where}: ${cause.message}`, { where }, { cause });
  }
};

const atRandom = object({ seed, test: finite, validation: finite, stratified: flag });
const byColumn = object({ column: text });
const split: Check<NonNullable<DatasetFacts['split']>> = (value, at) =>
  isObject(value) && 'column' in value ? byColumn(value, at) : atRandom(value, at);

const scalar = satisfies('a number, a text, or true or false', (value): value is number | string | boolean =>
  ['number', 'string', 'boolean'].includes(typeof value),
);

/** The jets of a run. */
export const DATASET: Check<Run['dataset']> = object({
  name: text,
  hash: optional(sha256),
  files: optional(listOf(object({ name: text, hash: sha256 }))),
  rows: optional(listOf(count, 1, 2)),
  classes: optional(listOf(text)),
  validationHashes: optional(listOf(sha256)),
  split: optional(split),
  drawSeed: optional(seed),
  trainJets: count,
  validationJets: count,
  range: optional(parseInputRange),
  fingerprint: sha256,
});

const run: Check<Run> = object({
  format: oneOf('jetsdk-run/1'),
  sdkVersion: text,
  settings: runSettings,
  networkSettings: optional(recordOf(scalar)),
  source: optional(object({ file: text, copy: text, sha256 })),
  inputShape: listOf(whole(1), 1),
  outputs: whole(1),
  parameters: count,
  dataset: DATASET,
  recipe: optional(recipe),
  initial: optional(object({ network: text, dataset: text, weights: sha256 })),
  backend: text,
  cost: optional(object({ seconds: finite, jetsPerSecond: finite, waiting: finite, peakMemory: count })),
});

/**
 * Checks the content of a `run.json`.
 *
 * @param value parsed JSON
 * @param where the file, for messages
 * @throws {JetError} BAD_FILE naming the key
 */
export function parseRun(value: unknown, where: string): Run {
  return run(value, { where, code: 'BAD_FILE' });
}
