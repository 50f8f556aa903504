/** @file What run.json says of a regression, and reading it strictly. */

import { join } from 'node:path';
import { type LayerArtifacts, type Recipe, requireText } from '@jetsdk/jets';
import { type Check, count, finite, flag, object, oneOf, optional, text } from '@jetsdk/jets/json';
import type { EpochLosses, History } from '../fit/history.js';
import { type RunSettings, runSettings } from '../fit/settings.js';
import { loadLayersModel } from '../model/loadModel.js';
import type { RegressionLoss } from '../regress/loss.js';
import { parseLossHistory } from './parseHistory.js';
import { DATASET, recipe } from './parseRun.js';
import type { Run } from './run.js';
import { readJson } from './runFiles.js';

/** Content of `run.json` of a regression. */
export interface RegressionRun {
  readonly format: 'jetsdk-regression-run/1';
  readonly sdkVersion: string;
  readonly settings: RunSettings;
  readonly loss: RegressionLoss;
  /** jets were seen under the pile-up of other jets */
  readonly overlay?: boolean;
  readonly parameters: number;
  readonly dataset: Run['dataset'];
  /** makes the inputs of constituents */
  readonly recipe: Recipe;
  /** makes what the network is to give */
  readonly truth: Recipe;
  readonly backend: string;
}

const regressionRun: Check<RegressionRun> = object({
  format: oneOf('jetsdk-regression-run/1'),
  sdkVersion: text,
  settings: runSettings,
  loss: object({ kind: oneOf('squared-log-ratio'), pbar: finite }),
  overlay: optional(flag),
  parameters: count,
  dataset: DATASET,
  recipe,
  truth: recipe,
  backend: text,
});

/** @throws {JetError} BAD_FILE naming the key */
export function parseRegressionRun(value: unknown, where: string): RegressionRun {
  return regressionRun(value, { where, code: 'BAD_FILE' });
}

/** A finished or interrupted regression as read from its folder. */
export interface LoadedRegression {
  /** with the best weights */
  readonly artifacts: LayerArtifacts;
  readonly run: RegressionRun;
  readonly history: History<EpochLosses>;
}

/**
 * Reads the folder of a regression; a backend must have been selected.
 *
 * @throws {JetError} FILE_NOT_FOUND if it holds no run or no epoch was finished; BAD_FILE, BAD_MODEL if it is damaged
 */
export async function loadRegression(folder: string): Promise<LoadedRegression> {
  requireText('loadRegression', folder, 'the folder of a run');
  const run = await readJson(join(folder, 'run.json'), parseRegressionRun);
  const history = await readJson(join(folder, 'history.json'), parseLossHistory);
  return { artifacts: await loadLayersModel(join(folder, 'model.json')), run, history };
}

/** Whether a folder holds a regression. @throws {JetError} FILE_NOT_FOUND if it holds no run */
export async function isRegression(folder: string): Promise<boolean> {
  const value = await readJson(join(folder, 'run.json'), (content) => content);
  return typeof value === 'object' && value !== null && 'format' in value && value.format === 'jetsdk-regression-run/1';
}
