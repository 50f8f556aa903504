/** @file The folder of a run: opened anew or to go on, and written after each epoch. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { JetError } from '@jetsdk/jets';
import { makeFolder } from '@jetsdk/jets/files';
import type { Check } from '@jetsdk/jets/json';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainingState } from '../fit/epochs.js';
import type { EpochLosses, History } from '../fit/history.js';
import type { RunSettings } from '../fit/settings.js';
import { writeWeights } from '../model/layersModel.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import type { Run } from './run.js';
import { CHECKPOINT, readJson, writeJson } from './runFiles.js';

/** What runs of all kinds say in their `run.json`. */
export interface AnyRun {
  readonly sdkVersion: string;
  readonly settings: RunSettings;
  readonly dataset: Run['dataset'];
  readonly cost?: Run['cost'];
}

/**
 * Makes the folder, or checks that the run in it is the same; more epochs or patience are no difference.
 *
 * @returns the state to go on with, undefined where there is none
 * @throws {JetError} BAD_ARGUMENT if the folder holds another run, or one that is not to be resumed; BAD_FILE
 */
export async function openFolder<R extends EpochLosses>(
  folder: string,
  run: AnyRun,
  {
    resume,
    parse,
    records,
  }: {
    readonly resume: boolean;
    readonly parse: (value: unknown, where: string) => AnyRun;
    readonly records: Check<readonly R[]>;
  },
): Promise<TrainingState<R> | undefined> {
  await makeFolder(join(folder, 'checkpoint'));
  // range and draw follow from the numbers that the fingerprint is of
  const comparable = ({ dataset: { range: _, drawSeed: __, ...dataset }, ...r }: AnyRun): object => ({
    ...r,
    dataset,
    settings: { ...r.settings, epochs: 0, patience: 0 },
    cost: undefined,
  });
  if (!(await holdsSameRun(folder, run, { resume, parse, comparable }))) return undefined;
  return readCheckpoint(join(folder, CHECKPOINT), records);
}

/**
 * Whether the folder holds a run, which then is the same; another version of the SDK is no difference.
 *
 * @param options `comparable` leaves out what may differ besides
 * @throws {JetError} BAD_ARGUMENT if the folder holds another run, or one that is not to be resumed; BAD_FILE
 */
export async function holdsSameRun<R extends object>(
  folder: string,
  run: R,
  {
    resume,
    parse,
    comparable = (one) => one,
  }: {
    readonly resume: boolean;
    readonly parse: (value: unknown, where: string) => R;
    readonly comparable?: (run: R) => object;
  },
): Promise<boolean> {
  const path = join(folder, 'run.json');
  if (!existsSync(path)) return false;
  if (!resume)
    throw new JetError('BAD_ARGUMENT', `${folder}: already holds a run; resume it or choose another folder`, {
      folder,
    });
  const leaves = (one: R): Map<string, string> => flatten({ ...comparable(one), sdkVersion: '' });
  const [old, now] = [leaves(await readJson(path, parse)), leaves(run)];
  for (const key of new Set([...old.keys(), ...now.keys()]))
    if (old.get(key) !== now.get(key))
      throw new JetError(
        'BAD_ARGUMENT',
        `${folder}: the run there has ${key} ${old.get(key)}, got ${now.get(key)}; resume with the same or choose another folder`,
        { folder, key },
      );
  return true;
}

/** Every leaf of a JSON value under its dotted path. */
function flatten(value: unknown, path = '', leaves = new Map<string, string>()): Map<string, string> {
  if (typeof value === 'object' && value !== null)
    for (const [key, child] of Object.entries(value)) flatten(child, path === '' ? key : `${path}.${key}`, leaves);
  else leaves.set(path, JSON.stringify(value));
  return leaves;
}

/** Bytes that are hashed at once; more than 2 GiB would be refused. */
const HASHED = 2 ** 30;

/** SHA-256 of numbers, hexadecimal. */
export function hashOf(arrays: readonly (Float32Array | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of arrays)
    for (let at = 0; at < byteLength; at += HASHED)
      hash.update(new Uint8Array(buffer, byteOffset + at, Math.min(HASHED, byteLength - at)));
  return hash.digest('hex');
}

/** Writes the state after an epoch: the best weights where they are new, the history, and what is needed to go on. */
export async function writeState<R extends EpochLosses>(
  folder: string,
  model: LayersModel,
  state: TrainingState<R>,
): Promise<void> {
  const { history, best, warnings } = state;
  if (best.epoch === history.length)
    await writeWeights(
      folder,
      model.weights.map(({ originalName, shape }, i) => ({
        name: originalName,
        shape: shape.map(Number),
        data: best.weights[i],
      })),
    );
  const told: History<R> = { format: 'jetsdk-history/1', epochs: history, bestEpoch: best.epoch, warnings };
  await writeJson(join(folder, 'history.json'), told);
  await writeCheckpoint(join(folder, CHECKPOINT), state);
}
