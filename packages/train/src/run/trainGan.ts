/** @file An adversarial training in a folder: resumable, with history. */
import { join } from 'node:path';
import { requireMembers, requireText, SDK_VERSION } from '@jetsdk/jets';
import { makeFolder } from '@jetsdk/jets/files';
import { buildGan } from '../adversarial/buildGan.js';
import type { GanExamples } from '../adversarial/examples.js';
import { type FitGanOptions, fitGan } from '../adversarial/fitGan.js';
import type { GanSettings } from '../adversarial/gan.js';
import { type GanName, gans } from '../adversarial/networks/index.js';
import { sampleOnePass } from '../adversarial/sampleOnePass.js';
import { selectedBackend } from '../backend/backend.js';
import { artifactsOf } from '../model/artifacts.js';
import { writeLayersModel } from '../model/layersModel.js';
import { type GanRun, ganOutputs, parseGanRun, readGanState, writeGanHistory, writeGanState } from './ganRun.js';
import type { ImageDataset } from './imageDataset.js';
import { writeJson } from './runFiles.js';
import { hashOf, holdsSameRun } from './runFolder.js';
import { writeSamples } from './samples.js';

export interface GanRequest {
  readonly network: GanName;
  readonly settings: GanSettings;
  readonly dataset: ImageDataset;
  /** true: go on with the run in the folder, if there is one */
  readonly resume?: boolean;
  /** epochs from one file of samples to the next; default: eight files in all */
  readonly sampleEvery?: number;
}

/**
 * Trains a generator against a discriminator in a folder, which then holds `run.json`, `history.json`, `model.json` with the
 * weights of the generator, `samples` with what it made of the same noise every few epochs, and in `state.bin` both networks and their optimizers after the last epoch,
 * or after the last batch where `signal` stopped it. After an interruption the same call with `resume` ends with the same weights, bit for bit.
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
  const sampling = { ...settings, every: request.sampleEvery };
  await makeFolder(folder);
  const { generator, discriminator } = buildGan(gan, settings.seed);
  try {
    const run: GanRun = {
      format: 'jetsdk-gan-run/1',
      sdkVersion: SDK_VERSION,
      network,
      settings,
      dataset: {
        ...dataset,
        fingerprint: hashOf([...training.images.map(({ data }) => data), ...Object.values(training.conditions)]),
      },
      parameters: { generator: generator.countParams(), discriminator: discriminator.countParams() },
      backend: selectedBackend(),
    };
    // no rate depends on how many epochs there will be
    const comparable = (one: GanRun): GanRun => ({ ...one, settings: { ...one.settings, epochs: 0 } });
    const before = (await holdsSameRun(folder, run, { resume, parse: parseGanRun, comparable }))
      ? await readGanState(folder)
      : undefined;
    await writeJson(join(folder, 'run.json'), run);
    await fitGan(gan, generator, discriminator, training, {
      ...settings,
      ...callbacks,
      ...(before && { resume: before }),
      async onState(state) {
        if (state.within) return writeGanState(folder, state);
        const trained = await artifactsOf(generator);
        await writeLayersModel(folder, trained);
        const { conditions, latent } = gan;
        const one = { conditions, latent, network: trained, outputs: ganOutputs(gan) };
        await writeSamples(folder, state.history.length, sampling, {
          conditions,
          noise: latent,
          sample: (noise, asked) => sampleOnePass(one, noise, asked),
        });
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
