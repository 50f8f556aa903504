/** @file The weights that a training begins with: of a run, of a trained model, or of an exported file. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { importWeights } from '@jetsdk/export';
import { isJetError, JetError, type ModelCard } from '@jetsdk/jets';
import { readCard } from '@jetsdk/onnx';
import {
  artifactsOf,
  buildNetwork,
  type InitialWeights,
  meanModel,
  type NamedNetwork,
  outputsFor,
  readInitialWeights,
} from '@jetsdk/train';
import { isTrainedModel, modelPath, readModel } from './modelFile.js';

/** The file of an exported model, by its path, or of a reference model by its name where there is no folder of that name. */
async function exportedModel(from: string): Promise<string | undefined> {
  const path = existsSync(from) ? from : await modelPath(from);
  return path.endsWith('.onnx') ? path : undefined;
}

/** The network to train where none is named: what a trained or exported model has with it. */
export async function networkOfWeights(from: string): Promise<string | undefined> {
  if (isTrainedModel(from)) return from;
  const path = await exportedModel(from);
  return path === undefined ? undefined : cardOf(from, await readModel(path)).training?.network;
}

/**
 * Reads weights to begin with. A backend must have been selected.
 *
 * @param from the folder of a run; a trained model (`.keras`, `.h5`, `model.json`); an exported one (`.onnx`), or the name of a
 *   reference model
 * @param network that is to be trained
 * @throws {JetError} as `readInitialWeights`, `readModel` and `importWeights`; BAD_ARGUMENT for another network, for
 *   the mean of several trainings, and for a file with preprocessing
 */
export async function firstWeights(
  from: string,
  network: NamedNetwork,
  settings: Readonly<Record<string, string>>,
): Promise<InitialWeights> {
  const path = await exportedModel(from);
  if (path === undefined) return readInitialWeights(from);
  const bytes = await readModel(path);
  const { training, mean, input, classes, recipe } = cardOf(from, bytes);
  if (input.kind === 'constituents' && recipe !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `${from}: it makes its images of constituents itself; expected a file that takes images; begin with one that was exported without --with-preprocessing`,
      { from },
    );
  if (mean !== undefined && mean.trainings.length > 1)
    throw new JetError(
      'BAD_ARGUMENT',
      `${from}: the mean of ${mean.trainings.length} trainings; expected one; begin with the folder of one of them, or with another model`,
      { from, trainings: mean.trainings.length },
    );
  if (training !== undefined && training.network !== network.name)
    throw new JetError(
      'BAD_ARGUMENT',
      `${from}: weights of ${training.network}; expected of ${network.name}; train ${training.network}`,
      { from, network: training.network },
    );
  const outputs = outputsFor(network, classes.length);
  const model = await buildNetwork(network, {
    inputShape: input.shape,
    settings,
    seed: 1,
    ...(outputs !== undefined && { outputs }),
  });
  try {
    const layers = await artifactsOf(model);
    const { weights, folded } = weightsIn(from, bytes, await exportedLayers(layers, mean));
    return {
      from,
      ...(training && { network: training.network }),
      inputShape: input.shape,
      outputs: outputs ?? classes.length,
      dataset: training?.dataset ?? `data that ${basename(from)} does not tell`,
      weights,
      folded,
    };
  } finally {
    model.dispose();
  }
}

function cardOf(from: string, bytes: Uint8Array): ModelCard {
  const card = readCard(bytes);
  if (card === undefined)
    throw new JetError('BAD_MODEL', `${from}: no card; expected a tagger that \`jetsdk export\` wrote`, { from });
  return card;
}

/** `importWeights`, with the file in what it throws. */
function weightsIn(from: string, ...given: Parameters<typeof importWeights>): ReturnType<typeof importWeights> {
  try {
    return importWeights(...given);
  } catch (error) {
    if (!isJetError(error)) throw error;
    throw new JetError(error.code, error.message.replace(/^importWeights/, from), error.details, { cause: error });
  }
}

/** The layers as they were exported: one network, or its mean over mirror images. */
async function exportedLayers(
  layers: Awaited<ReturnType<typeof artifactsOf>>,
  mean: ModelCard['mean'],
): Promise<typeof layers> {
  if (mean === undefined) return layers;
  const whole = await meanModel([layers], mean.images ?? [[]]);
  try {
    return await artifactsOf(whole);
  } finally {
    for (const weight of whole.weights) weight.dispose();
  }
}
