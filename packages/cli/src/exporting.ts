/** @file A training run as a certified ONNX file, for `export` and `demo`. */
import type { EvaluationResult } from '@jetsdk/eval';
import { certify, exportModel, withCard } from '@jetsdk/export';
import { loadTagger, runModel } from '@jetsdk/infer';
import {
  type CardMetrics,
  type CardParity,
  type JetImages,
  type ModelCard,
  recipeHash,
  SDK_VERSION,
} from '@jetsdk/jets';
import { type LoadedRun, predict } from '@jetsdk/train';

/** Jets on which the ONNX file is compared with the trained network, unless there are fewer. */
export const CALIBRATION_JETS = 1000;

export interface CertifiedModel {
  readonly bytes: Uint8Array;
  readonly card: ModelCard;
  readonly parity: CardParity;
}

/**
 * Exports the best weights of a run, runs the file in ONNX Runtime and compares it with the network.
 *
 * @param calibration images as the network sees them
 * @throws {JetError} PARITY_FAILED if a score differs by more than 1e-5; as `exportModel`
 */
export async function exportRun(run: LoadedRun, name: string, calibration: JetImages): Promise<CertifiedModel> {
  const card = cardOf(run, name);
  const { bytes } = exportModel(run.artifacts, { card });
  const parity = await certify({
    bytes,
    inputs: calibration,
    reference: await predict(run.artifacts, calibration),
    run: runModel,
    runtime: await runtimeName(bytes),
  });
  const certified = { ...card, parity: [parity] };
  return { bytes: withCard(bytes, certified), card: certified, parity };
}

async function runtimeName(bytes: Uint8Array): Promise<string> {
  const tagger = await loadTagger(bytes, { device: 'cpu', threads: 1 });
  try {
    return `${tagger.info.runtime} ${tagger.info.device}`;
  } finally {
    await tagger.dispose();
  }
}

function cardOf({ run, history }: LoadedRun, name: string): ModelCard {
  const { settings, dataset, recipe } = run;
  const classes = dataset.classes ?? ['background', 'signal'];
  return {
    format: 'jetsdk-card/1',
    name,
    version: '1',
    task: `${classes[1]} against ${classes[0]} jets`,
    classes,
    signalClass: classes[1]!,
    input: { kind: 'images', name: 'image', shape: run.inputShape, layout: 'NHWC' },
    output: run.outputs === 1 ? { name: 'score', kind: 'score' } : { name: 'probabilities', kind: 'probabilities' },
    ...(recipe !== undefined && { recipe, recipeHash: recipeHash(recipe) }),
    training: {
      network: settings.network,
      parameters: run.parameters,
      dataset: dataset.name,
      ...(dataset.hash !== undefined && { datasetHash: dataset.hash }),
      trainJets: dataset.trainJets,
      validationJets: dataset.validationJets,
      seed: settings.seed,
      epochs: history.epochs.length,
      bestEpoch: history.bestEpoch,
      batchSize: settings.batchSize,
      optimizer: 'adam',
      learningRate: settings.learningRate,
      backend: run.backend,
      seconds: history.epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    },
    sdkVersion: SDK_VERSION,
    licence: 'MIT',
  };
}

/** The part of an evaluation that belongs into a card. */
export function cardMetrics(result: EvaluationResult, dataset: string, datasetHash: string): CardMetrics {
  const { signal, background, auc, aucStdErr, accuracy, rejection } = result;
  return {
    dataset,
    datasetHash,
    signal,
    background,
    auc,
    aucStdErr,
    accuracy,
    rejection: rejection.map((at) => ({
      signalEfficiency: at.signalEfficiency,
      rejection: at.rejection,
      falsePositives: at.falsePositives,
    })),
  };
}
