/** @file An adversarial training in a folder: resumable, with history. */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isJetError, JetError, requireMembers, requireText, SDK_VERSION } from '@jetsdk/jets';
import { buildGan } from '../adversarial/buildGan.js';
import type { GanExamples } from '../adversarial/examples.js';
import { type FitGanOptions, fitGan, type GanState } from '../adversarial/fitGan.js';
import type { GanSettings } from '../adversarial/gan.js';
import { type GanName, gans } from '../adversarial/networks/index.js';
import { selectedBackend } from '../backend/backend.js';
import { artifactsOf } from '../model/artifacts.js';
import { writeLayersModel } from '../model/layersModel.js';
import { type GanRun, readGanRun, readGanState, writeGanHistory, writeGanState } from './ganRun.js';
import { writeJson } from './runFiles.js';

export interface GanRequest {
  readonly network: GanName;
  readonly settings: GanSettings;
  readonly dataset: Omit<GanRun['dataset'], 'fingerprint'>;
  /** true: go on with the run in the folder, if there is one */
  readonly resume?: boolean;
}

/**
 * Trains a generator against a discriminator in a folder, which then holds `run.json`, `history.json`, `model.json` with the
 * weights of the generator, and in `state.bin` both networks and their optimizers after the last epoch. After an
 * interruption the same call with `resume` ends with the same weights, bit for bit.
 *
 * @param training not modified
 * @throws {JetError} BAD_ARGUMENT if the folder holds a run that differs or is not to be resumed; as `fitGan`
 */
export async function trainGan(
  folder: string,
  request: GanRequest,
  training: GanExamples,
  callbacks: Pick<FitGanOptions, 'onBatch' | 'onEpoch' | 'onWarning' | 'signal'> = {},
): Promise<GanRun> {
  requireText('trainGan', folder, 'a folder to write to');
  requireMembers(
    'trainGan',
    request,
    ['network', 'settings', 'dataset'],
    'what to train, { network, settings, dataset }',
  );
  const { network, settings, dataset, resume = false } = request;
  const gan = gans[network];
  await mkdir(folder, { recursive: true });
  const { generator, discriminator } = buildGan(gan, settings.seed);
  try {
    const run: GanRun = {
      format: 'jetsdk-gan-run/1',
      sdkVersion: SDK_VERSION,
      network,
      settings,
      dataset: { ...dataset, fingerprint: fingerprint(training) },
      parameters: { generator: generator.countParams(), discriminator: discriminator.countParams() },
      backend: selectedBackend(),
    };
    const before = await openFolder(folder, run, resume);
    await writeJson(join(folder, 'run.json'), run);
    await fitGan(gan, generator, discriminator, training, {
      ...settings,
      ...callbacks,
      ...(before && { resume: before }),
      async onState(state) {
        await writeLayersModel(folder, await artifactsOf(generator));
        await writeGanHistory(folder, state);
        await writeGanState(folder, state);
      },
    });
    return run;
  } finally {
    generator.dispose();
    discriminator.dispose();
  }
}

/** @returns the state to go on from, if there is one */
async function openFolder(folder: string, run: GanRun, resume: boolean): Promise<GanState | undefined> {
  let old: GanRun;
  try {
    old = await readGanRun(folder);
  } catch (error) {
    if (!isJetError(error, 'FILE_NOT_FOUND')) throw error;
    return undefined;
  }
  const alike = (one: GanRun): string => JSON.stringify({ ...one, sdkVersion: '' });
  if (!resume || alike(old) !== alike(run))
    throw new JetError(
      'BAD_ARGUMENT',
      `${folder}: already holds ${resume ? 'a run with other settings or images' : 'a run'}; ${resume ? 'resume with the same' : 'resume it'} or choose another folder`,
      { folder },
    );
  return readGanState(folder);
}

function fingerprint({ images, conditions }: GanExamples): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of [...images.map(({ data }) => data), ...Object.values(conditions)])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
