/** @file Training in a folder: settings, history, best weights, and what is needed to go on after an interruption. */
import { extname, join } from 'node:path';
import {
  countClasses,
  counted,
  inputRange,
  JetError,
  quoted,
  type Recipe,
  requireMembers,
  requireText,
  SDK_VERSION,
} from '@jetsdk/jets';
import { writeFileAtomically } from '@jetsdk/jets/files';
import { selectedBackend } from '../backend/backend.js';
import { checkAugmentation } from '../data/augment.js';
import { checkExamples, type Examples, outputsOf } from '../data/examples.js';
import { inMemory } from '../data/inputs.js';
import { checkSettings, type FitOptions, type FitResult, fit } from '../fit/fit.js';
import { type ChosenSettings, settingsFor } from '../fit/settings.js';
import { settleNorms } from '../fit/settleNorms.js';
import { artifactsOf } from '../model/artifacts.js';
import { writeLayersModel } from '../model/layersModel.js';
import { buildNetwork, outputsFor, requireProbabilities } from '../networks/buildNetwork.js';
import type { BuildNetwork, Network } from '../networks/network.js';
import { flatSettings, withSettings } from '../networks/settings.js';
import { type NetworkName, zoo } from '../zoo/index.js';
import { giveInitialWeights, type InitialWeights, readInitialWeights } from './initialWeights.js';
import { epochRecords } from './parseHistory.js';
import { parseRun } from './parseRun.js';
import type { DatasetFacts, Run, RunCost } from './run.js';
import { writeJson } from './runFiles.js';
import { hashOf, openFolder, writeState } from './runFolder.js';

/** What to train; settings that are left out come from the network's defaults. */
export interface RunRequest extends ChosenSettings {
  /** a name of the zoo, a network of your own, or its build function alone */
  readonly network: NetworkName | Network | BuildNetwork;
  /** in place of those that the network declares, by dotted names such as `hidden.units` */
  readonly networkSettings?: Readonly<Record<string, number | string | boolean>>;
  readonly seed: number;
  readonly dataset: DatasetFacts;
  readonly recipe?: Recipe;
  /**
   * folder of an earlier run of the same network, whose best weights are the ones to begin with, or a trained model of the
   * same layers (`.keras`, `.h5`, `model.json`), or weights that were read already; default: fresh ones
   */
  readonly from?: string | InitialWeights;
  /** true: go on with the run in the folder, if there is one; false: the folder must not hold a run */
  readonly resume?: boolean;
}

export type RunCallbacks = Pick<FitOptions, 'onBatch' | 'onEpoch' | 'onWarning' | 'signal'>;

/**
 * Trains a network in a folder, which then holds `run.json`, `history.json`, `model.json` and
 * `weights.bin` (the best weights) and `checkpoint/last.bin`. After an interruption the same call with `resume`
 * ends with the same weights, bit for bit, as without the interruption.
 *
 * @param folder is made if it does not exist
 * @throws {JetError} DEVICE_UNAVAILABLE if no backend has been selected; BAD_ARGUMENT if the network is unknown, the
 *   folder holds a run that differs or is not to be resumed, or the weights to begin with are of another network or
 *   shape; BAD_MODEL as `buildNetwork`, and for outputs that are no probabilities; what `fit` throws; BAD_FILE for a
 *   damaged checkpoint; what `loadRun` throws of `from`
 */
export async function trainRun(
  folder: string,
  request: RunRequest,
  training: Examples,
  validation: Examples,
  callbacks: RunCallbacks = {},
): Promise<FitResult & { readonly run: Run }> {
  requireText('trainRun', folder, 'a folder to write to');
  requireMembers('trainRun', request, ['network', 'seed', 'dataset'], 'what to train, { network, seed, dataset }');
  for (const [what, part] of Object.entries({ training, validation }))
    requireMembers(`trainRun: ${what}`, part, ['inputs', 'labels'], 'labelled jets, { inputs, labels }');
  const network = networkOf(request.network);
  const { name = 'network', source } = network;
  const inputShape = training.inputs.shape.slice(1);
  const { seed, networkSettings = {} } = request;
  const { classes } = request.dataset;
  const outputs = outputsFor(network, classes?.length ?? countClasses(training.labels));
  const model = await buildNetwork(network, {
    inputShape,
    seed,
    settings: networkSettings,
    ...(outputs !== undefined && { outputs }),
  });
  try {
    await requireProbabilities(name, model);
    requireNames(name, outputsOf(model), classes);
    const { jetWeights, ...settings } = settingsFor(network, request);
    const given = typeof request.from === 'string' ? await readInitialWeights(request.from) : request.from;
    const initial = given && giveInitialWeights(given, model, name);
    const range = inMemory(training.inputs) ? inputRange(training.inputs) : training.inputs.range;
    const copy = source && `network${extname(source.file)}`;
    const run: Run = {
      format: 'jetsdk-run/1',
      sdkVersion: SDK_VERSION,
      settings: { network: name, seed, ...settings, ...(training.weights && jetWeights && { jetWeights }) },
      ...(network.settings && {
        networkSettings: flatSettings(withSettings(name, network.settings, networkSettings)),
      }),
      ...(source && copy && { source: { file: source.file, copy, sha256: source.sha256 } }),
      inputShape,
      outputs: outputsOf(model),
      parameters: model.countParams(),
      dataset: {
        ...request.dataset,
        trainJets: training.labels.length,
        validationJets: validation.labels.length,
        ...(range && { range }),
        fingerprint: fingerprint([training, validation]),
      },
      ...(request.recipe && { recipe: request.recipe }),
      ...(initial && { initial }),
      backend: selectedBackend(),
    };
    checkExamples('training data', model, run.outputs, training);
    checkExamples('validation data', model, run.outputs, validation);
    checkSettings(settings);
    if (settings.augmentation) checkAugmentation(settings.augmentation, inputShape);
    const resume = await openFolder(folder, run, {
      resume: request.resume ?? false,
      parse: parseRun,
      records: epochRecords,
    });
    if (!resume) {
      if (given?.folded) await settleNorms(model, training.inputs, given.folded);
      await writeLayersModel(folder, await artifactsOf(model));
    }
    if (source && copy) await writeFileAtomically(join(folder, copy), source.text);
    await writeJson(join(folder, 'run.json'), run);
    const result = await fit(model, training, {
      ...settings,
      seed,
      ...callbacks,
      validation,
      ...(resume && { resume }),
      onState: (state) => writeState(folder, model, state),
    });
    const ended: Run = { ...run, cost: costOf(result.history, training.labels.length) };
    await writeJson(join(folder, 'run.json'), ended);
    return { ...result, run: ended };
  } finally {
    model.dispose();
  }
}

/** @throws {JetError} BAD_ARGUMENT unless every class has one name */
function requireNames(network: string, outputs: number, classes: readonly string[] | undefined): void {
  if (classes !== undefined && classes.length !== Math.max(2, outputs))
    throw new JetError(
      'BAD_ARGUMENT',
      `${network}: got ${counted(classes.length, 'class', 'classes')}, ${classes.join(', ')}, and ${counted(outputs, 'output')}; expected as many, or one output for two classes; name all classes`,
      { classes, outputs },
    );
}

/** @throws {JetError} BAD_ARGUMENT for a name that is not in the zoo */
function networkOf(network: RunRequest['network']): Network {
  if (typeof network === 'function') return { build: network };
  if (typeof network === 'object') return network;
  if (!Object.hasOwn(zoo, network))
    throw new JetError('BAD_ARGUMENT', `network ${quoted(network)}; expected ${Object.keys(zoo).join(', ')}`, {
      network,
    });
  return zoo[network];
}

/** Inputs that are read by rows are known by the digest of what is read. */
function fingerprint(parts: readonly Examples[]): string {
  return hashOf(
    parts.flatMap(({ inputs, labels, weights }) => [
      inMemory(inputs) ? inputs.data : Buffer.from(inputs.digest, 'latin1'),
      labels,
      ...(weights === undefined ? [] : [weights]),
    ]),
  );
}

function costOf(epochs: FitResult['history'], jets: number): RunCost {
  let [seconds, waited] = [0, 0];
  for (const epoch of epochs) {
    seconds += epoch.seconds;
    waited += epoch.waited ?? 0;
  }
  return {
    seconds,
    jetsPerSecond: (jets * epochs.length) / seconds,
    waiting: waited / seconds,
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
}
