/** @file Many trainings: found below a folder, and those that differ in nothing but the seed put together. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@jetsdk/jets';
import type { RunSettings } from '../fit/settings.js';
import type { Run } from './run.js';

/**
 * Folders of runs, the given one or those below it, by name.
 *
 * @param depth of folders that are looked into
 */
export async function findRuns(folder: string, depth = 3): Promise<string[]> {
  if (existsSync(join(folder, 'run.json'))) return [folder];
  if (depth === 0) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const below: string[] = [];
  for (const name of names.sort()) below.push(...(await findRuns(join(folder, name), depth - 1)));
  return below;
}

/** What of a run, as `readRun` gives it, is compared. */
export interface ComparedRun {
  readonly run: Pick<Run, 'networkSettings' | 'recipe' | 'initial'> & {
    readonly settings: Partial<RunSettings> & Pick<RunSettings, 'network' | 'seed'>;
    readonly dataset: Pick<Run['dataset'], 'name' | 'rows' | 'split' | 'trainJets' | 'validationJets'>;
  };
  readonly history: { readonly bestEpoch: number; readonly epochs: readonly { readonly valLoss: number }[] };
}

/** Trainings with the same settings. */
export interface RunGroup<T> {
  /** the network, and what differs from other groups */
  readonly name: string;
  /** the same but for the number of jets: of groups that make a learning curve */
  readonly curve: string;
  /** learned from */
  readonly jets: number;
  /** by validation loss, best first */
  readonly runs: readonly T[];
}

/** Validation loss of the best epoch. */
export const bestLoss = ({ history }: Pick<ComparedRun, 'history'>): number =>
  history.epochs[history.bestEpoch - 1].valLoss;

/**
 * Trainings that differ in nothing but the seed are one group.
 *
 * @returns groups by the mean validation loss of their best epochs, best first
 */
export function groupRuns<T extends ComparedRun>(runs: readonly T[]): RunGroup<T>[] {
  const groups = new Map<string, { settings: ReadonlyMap<string, string>; runs: T[] }>();
  for (const one of runs) {
    const settings = settingsOf(one);
    const key = canonicalJson(Object.fromEntries(settings));
    const group = groups.get(key) ?? { settings, runs: [] };
    groups.set(key, group);
    group.runs.push(one);
  }
  const all = [...groups.values()];
  const keys = [...new Set(all.flatMap(({ settings }) => [...settings.keys()]))];
  const differing = keys.filter(
    (key) => key !== 'network' && new Set(all.map(({ settings }) => settings.get(key))).size > 1,
  );
  return all
    .map(({ settings, runs: members }): RunGroup<T> => {
      const { run } = members[0];
      const nameBy = (told: readonly string[]): string =>
        [run.settings.network, ...told.map((key) => `${key} ${labelOf(key, settings.get(key))}`)].join(', ');
      return {
        name: nameBy(differing),
        curve: nameBy(differing.filter((key) => key !== 'trainJets')),
        jets: run.dataset.trainJets,
        runs: members.sort((a, b) => bestLoss(a) - bestLoss(b)),
      };
    })
    .sort((a, b) => meanLoss(a) - meanLoss(b));
}

const meanLoss = ({ runs }: RunGroup<Pick<ComparedRun, 'history'>>): number =>
  runs.reduce((sum, run) => sum + bestLoss(run), 0) / runs.length;

/** What makes two trainings comparable seeds of one, as canonical JSON by name. */
function settingsOf({ run }: Pick<ComparedRun, 'run'>): ReadonlyMap<string, string> {
  const { seed: _, ...settings } = run.settings;
  const { name, rows, split, trainJets, validationJets } = run.dataset;
  const { networkSettings, recipe, initial } = run;
  const splitBy = split && 'seed' in split ? { ...split, seed: undefined } : split;
  const all = {
    ...settings,
    ...networkSettings,
    recipe,
    initial,
    data: name,
    rows,
    splitBy,
    trainJets,
    validationJets,
  };
  return new Map(
    Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, canonicalJson(value)] as const])),
  );
}

function labelOf(key: string, json: string | undefined): string {
  if (json === undefined) return 'none';
  const value: unknown = JSON.parse(json);
  if (key === 'recipe') return (value as NonNullable<Run['recipe']>).name;
  return typeof value === 'string' ? value : json;
}
