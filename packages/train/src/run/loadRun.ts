import { join } from 'node:path';
import type { LayerArtifacts } from '@jetsdk/jets';
import { requireText } from '@jetsdk/jets';
import type { History } from '../fit/history.js';
import { loadLayersModel } from '../model/loadModel.js';
import { parseHistory } from './parseHistory.js';
import { parseRun } from './parseRun.js';
import type { Run } from './run.js';
import { readJson } from './runFiles.js';

/** A finished or interrupted run as read from its folder. */
export interface LoadedRun {
  /** with the best weights */
  readonly artifacts: LayerArtifacts;
  readonly run: Run;
  readonly history: History;
}

/**
 * Reads what a run folder says of the run, without its weights.
 *
 * @throws {JetError} FILE_NOT_FOUND if it holds no run or no epoch was finished; BAD_FILE if it is damaged
 */
export async function readRun(folder: string): Promise<Omit<LoadedRun, 'artifacts'>> {
  requireText('readRun', folder, 'the folder of a run');
  const run = await readJson(join(folder, 'run.json'), parseRun);
  return { run, history: await readJson(join(folder, 'history.json'), parseHistory) };
}

/**
 * Reads a run folder; a backend must have been selected.
 *
 * @throws {JetError} FILE_NOT_FOUND if it holds no run or no epoch was finished; BAD_FILE, BAD_MODEL if it is damaged
 */
export async function loadRun(folder: string): Promise<LoadedRun> {
  const told = await readRun(folder);
  return { artifacts: await loadLayersModel(join(folder, 'model.json')), ...told };
}
