/** @file A regression in a folder. */
import { join } from 'node:path';
import { inputRange, joinRanges, namedRecipe, requireMembers, requireText, SDK_VERSION } from '@jetsdk/jets';
import { selectedBackend } from '../backend/backend.js';
import type { EpochsResult } from '../fit/epochs.js';
import type { EpochLosses } from '../fit/history.js';
import { type ChosenSettings, settingsFor } from '../fit/settings.js';
import { artifactsOf } from '../model/artifacts.js';
import { writeLayersModel } from '../model/layersModel.js';
import { buildRegressor } from '../regress/buildRegressor.js';
import { checkRegressionExamples, type RegressionExamples } from '../regress/examples.js';
import type { RegressionNetwork } from '../regress/network.js';
import { type RegressOptions, regress } from '../regress/regress.js';
import { epochLosses } from './parseHistory.js';
import { parseRegressionRun, type RegressionRun } from './regressionRun.js';
import type { DatasetFacts } from './run.js';
import { writeJson } from './runFiles.js';
import { hashOf, openFolder, writeState } from './runFolder.js';

/** What to train; settings that are left out come from the network's defaults. */
export interface RegressionRequest
  extends Pick<
    ChosenSettings,
    'batchSize' | 'epochs' | 'patience' | 'learningRate' | 'optimizer' | 'schedule' | 'clipNorm'
  > {
  readonly network: RegressionNetwork;
  readonly seed: number;
  readonly dataset: DatasetFacts;
  /** true: go on with the run in the folder, if there is one; false: the folder must not hold a run */
  readonly resume?: boolean;
}

export type RegressionCallbacks = Pick<RegressOptions, 'onBatch' | 'onEpoch' | 'onWarning' | 'signal'>;

/**
 * Trains a regression network in a folder, which then holds the files that `trainRun` leaves. After an interruption the
 * same call with `resume` ends with the same weights, bit for bit, as without the interruption.
 *
 * @param folder is made if it does not exist
 * @throws {JetError} DEVICE_UNAVAILABLE if no backend has been selected; BAD_ARGUMENT if the folder holds a run that
 *   differs or is not to be resumed; what `regress` throws; BAD_FILE for a damaged checkpoint
 */
export async function trainRegression(
  folder: string,
  request: RegressionRequest,
  training: RegressionExamples,
  validation: RegressionExamples,
  callbacks: RegressionCallbacks = {},
): Promise<EpochsResult<EpochLosses> & { readonly run: RegressionRun }> {
  requireText('trainRegression', folder, 'a folder to write to');
  requireMembers(
    'trainRegression',
    request,
    ['network', 'seed', 'dataset'],
    'what to train, { network, seed, dataset }',
  );
  const { network, seed } = request;
  const model = buildRegressor(network, seed);
  try {
    const trainJets = checkRegressionExamples('training data', model, training);
    const validationJets = checkRegressionExamples('validation data', model, validation);
    const settings = settingsFor(network, request);
    const images = (part: RegressionExamples) => [
      ...model.inputNames.map((name) => part.inputs[name]),
      ...Object.values(part.pileup ?? {}),
      part.truth,
    ];
    const range = Object.values(training.inputs)
      .map((one) => inputRange(one))
      .reduce(joinRanges);
    const run: RegressionRun = {
      format: 'jetsdk-regression-run/1',
      sdkVersion: SDK_VERSION,
      settings: { network: network.name, seed, ...settings },
      loss: network.loss,
      ...(training.pileup && { overlay: true }),
      parameters: model.countParams(),
      dataset: {
        ...request.dataset,
        trainJets,
        validationJets,
        ...(range && { range }),
        fingerprint: hashOf([training, validation].flatMap(images).map(({ data }) => data)),
      },
      recipe: namedRecipe(network.recipe),
      truth: namedRecipe(network.truth),
      backend: selectedBackend(),
    };
    const resume = await openFolder(folder, run, {
      resume: request.resume ?? false,
      parse: parseRegressionRun,
      records: epochLosses,
    });
    if (!resume) await writeLayersModel(folder, await artifactsOf(model));
    await writeJson(join(folder, 'run.json'), run);
    const { augmentation, ...rest } = settings;
    const result = await regress(model, training, {
      ...rest,
      ...(augmentation?.flip && { augmentation: { flip: augmentation.flip } }),
      loss: network.loss,
      seed,
      ...callbacks,
      validation,
      ...(resume && { resume }),
      onState: (state) => writeState(folder, model, state),
    });
    return { ...result, run };
  } finally {
    model.dispose();
  }
}
