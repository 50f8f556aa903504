/** @file What the folder of an adversarial training holds, and reading it strictly. */
import { join } from 'node:path';
import { JetError, type OnePass, requireText } from '@jetsdk/jets';
import { type Check, count, finite, listOf, object, oneOf, optional, recordOf, text } from '@jetsdk/jets/json';
import type { GanState } from '../adversarial/fitGan.js';
import type { Gan, GanSettings } from '../adversarial/gan.js';
import type { GanEpoch } from '../adversarial/ganEpoch.js';
import { type GanName, gans } from '../adversarial/networks/index.js';
import { seed } from '../fit/settings.js';
import { loadLayersModel } from '../model/loadModel.js';
import { type ReadImageDataset, readImageDataset } from './imageDataset.js';
import { readNumbers, writeNumbers } from './numbersFile.js';
import { readJson, writeJson } from './runFiles.js';

const STATE = 'JETGANS1';

/** Content of `run.json` of an adversarial training. */
export interface GanRun {
  readonly format: 'jetsdk-gan-run/1';
  readonly sdkVersion: string;
  readonly network: GanName;
  readonly settings: GanSettings;
  readonly dataset: ReadImageDataset;
  readonly parameters: { readonly generator: number; readonly discriminator: number };
  readonly backend: string;
}

const run: Check<GanRun> = object({
  format: oneOf('jetsdk-gan-run/1'),
  sdkVersion: text,
  network: oneOf(...(Object.keys(gans) as GanName[])),
  settings: object({ batchSize: count, epochs: count, learningRate: finite, discriminatorRate: finite, seed }),
  dataset: readImageDataset,
  parameters: object({ generator: count, discriminator: count }),
  backend: text,
});

const terms = recordOf(finite);
const epochs: Check<readonly GanEpoch[]> = listOf(
  object({ epoch: count, simulated: terms, generated: terms, generator: terms, spread: finite, seconds: finite }),
);

/** Content of `history.json` of an adversarial training. */
export interface GanHistory {
  readonly format: 'jetsdk-gan-history/1';
  readonly epochs: readonly GanEpoch[];
  readonly warnings: readonly string[];
}
const history: Check<GanHistory> = object({
  format: oneOf('jetsdk-gan-history/1'),
  epochs,
  warnings: listOf(text),
});

/** An adversarial training as read from its folder; a backend must have been selected. */
export interface LoadedGan {
  readonly generator: OnePass;
  readonly run: GanRun;
  readonly history: GanHistory;
}

/** @throws {JetError} FILE_NOT_FOUND if it holds no run or no epoch was finished; BAD_FILE, BAD_MODEL if it is damaged */
export async function loadGan(folder: string): Promise<LoadedGan> {
  requireText('loadGan', folder, 'the folder of a run');
  const loaded = await readJson(join(folder, 'run.json'), parseGanRun);
  const trained = await readJson(join(folder, 'history.json'), checked(history));
  const gan = gans[loaded.network];
  const { conditions, latent } = gan;
  const network = await loadLayersModel(join(folder, 'model.json'));
  return { generator: { conditions, latent, network, outputs: ganOutputs(gan) }, run: loaded, history: trained };
}

/** What a trained generator gives. */
export const ganOutputs = ({ images }: Gan): OnePass['outputs'] =>
  images.map(({ name, pixels, unit, scale }) => ({ name, shape: pixels, unit, scale }));

/** @throws {JetError} BAD_FILE naming the key */
export const parseGanRun = checked(run);

export async function writeGanHistory(folder: string, { history: done, warnings }: GanState): Promise<void> {
  const content: GanHistory = { format: 'jetsdk-gan-history/1', epochs: done, warnings };
  await writeJson(join(folder, 'history.json'), content);
}

export async function writeGanState(folder: string, state: GanState): Promise<void> {
  const { generator, discriminator, generatorOptimizer, discriminatorOptimizer } = state;
  const optimizers = [generatorOptimizer, discriminatorOptimizer];
  await writeNumbers(
    join(folder, 'state.bin'),
    STATE,
    {
      history: state.history,
      warnings: state.warnings,
      ...(state.within && { within: state.within }),
      weights: [generator.length, discriminator.length],
      steps: optimizers.map(({ steps }) => steps),
      moved: optimizers.map(({ means }) => means.length),
    },
    [...generator, ...discriminator, ...optimizers.flatMap(({ means, squares }) => [...means, ...squares])],
  );
}

const losses = listOf(finite);
const header = object({
  history: epochs,
  warnings: listOf(text),
  within: optional(
    object({ batches: count, simulated: losses, generated: losses, generator: losses, seconds: finite }),
  ),
  weights: listOf(count, 2, 2),
  steps: listOf(count, 2, 2),
  moved: listOf(count, 2, 2),
  lengths: listOf(count),
});

/** @returns undefined if nothing was learned yet @throws {JetError} BAD_FILE if it is damaged */
export async function readGanState(folder: string): Promise<GanState | undefined> {
  const path = join(folder, 'state.bin');
  const stored = await readNumbers(path, STATE);
  if (stored === undefined) return undefined;
  const { history: done, warnings, within, weights, steps, moved } = checked(header)(stored.header, path);
  if (stored.arrays.length !== weights[0] + weights[1] + 2 * (moved[0] + moved[1]))
    throw new JetError('BAD_FILE', `${path}: ${stored.arrays.length} arrays; its header tells of others; train again`, {
      path,
    });
  let at = 0;
  const next = (length: number): Float32Array[] => {
    at += length;
    return stored.arrays.slice(at - length, at);
  };
  return {
    history: done,
    warnings,
    ...(within && { within }),
    generator: next(weights[0]),
    discriminator: next(weights[1]),
    generatorOptimizer: { steps: steps[0], means: next(moved[0]), squares: next(moved[0]) },
    discriminatorOptimizer: { steps: steps[1], means: next(moved[1]), squares: next(moved[1]) },
  };
}

function checked<T>(check: Check<T>): (value: unknown, where: string) => T {
  return (value, where) => check(value, { where, code: 'BAD_FILE' });
}
