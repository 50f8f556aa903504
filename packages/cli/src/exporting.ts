/** @file A trained network as a certified ONNX file, for `export` and `demo`. */
import { type EvaluationResult, evaluate } from '@jetsdk/eval';
import { certify, certifyLowered, type ExportedModel, exportModel, lowerRecipe, quantise } from '@jetsdk/export';
import { loadTagger, runModel } from '@jetsdk/infer';
import {
  type CardMetrics,
  type CardParity,
  type CardPrecision,
  JetError,
  type JetImages,
  type Jets,
  type LabelledInputs,
  type ModelCard,
  type Recipe,
  recipeHash,
  SDK_VERSION,
} from '@jetsdk/jets';
import { withCard } from '@jetsdk/onnx';
import { type LoadedRun, predict, trainingFacts } from '@jetsdk/train';

/** Jets on which the ONNX file is compared with the trained network, unless there are fewer. */
export const CALIBRATION_JETS = 1000;

export type Precision = 'float32' | 'float16' | 'int8';

/** An ONNX file with its card inside. */
export interface CertifiedModel {
  readonly bytes: Uint8Array;
  readonly card: ModelCard;
}

/** What only the author of a model can say of it. */
export type ModelIdentity = Pick<ModelCard, 'name' | 'version' | 'licence'>;

/**
 * Exports the best weights of a run, runs the file in ONNX Runtime and compares it with the network.
 *
 * @param calibration images as the network sees them
 * @throws {JetError} PARITY_FAILED if a score differs by more than 1e-5; as `exportModel`
 */
export async function exportRun(
  run: LoadedRun,
  identity: ModelIdentity,
  calibration: JetImages | Jets,
): Promise<CertifiedModel> {
  const exported = exportModel(run.artifacts);
  const parity = await certify({
    bytes: exported.bytes,
    inputs: calibration,
    reference: await predict(run.artifacts, calibration),
    run: runModel,
    runtime: await runtimeName(exported.bytes),
  });
  return carrying(exported.bytes, { ...cardOf(run, identity, exported), parity: [parity] });
}

/** The file that was measured, and which of its jets. */
export type MeasuredFile = Pick<CardMetrics, 'dataset' | 'datasetHash' | 'where'>;

/** Labelled inputs and where they come from. */
export interface MeasuredInputs extends LabelledInputs {
  readonly file: MeasuredFile;
}

/** The model with its figures on labelled jets in the card. */
export async function withMetrics(
  { bytes, card }: CertifiedModel,
  measured: readonly MeasuredInputs[],
): Promise<CertifiedModel> {
  const metrics: CardMetrics[] = [];
  for (const { inputs, labels, file } of measured)
    metrics.push(cardMetrics(evaluate(labels, await scoresOf(bytes, inputs)), file));
  return carrying(bytes, { ...card, metrics });
}

/**
 * Stores the weights more coarsely and measures what that changes.
 *
 * @param model float32, as `exportRun` makes it
 * @param calibration images as the network sees them: they set the ranges of int8
 * @param measured labelled images on which both files are evaluated
 */
export async function reducePrecision(
  run: LoadedRun,
  model: CertifiedModel,
  weights: CardPrecision['weights'],
  calibration: JetImages | Jets,
  measured: MeasuredInputs,
): Promise<CertifiedModel> {
  const bytes =
    weights === 'float16'
      ? exportModel(run.artifacts, { precision: 'float16' }).bytes
      : await quantise({ bytes: model.bytes, calibration, run: runModel });
  const before = await scoresOf(model.bytes, measured.inputs);
  const after = await scoresOf(withCard(bytes, model.card), measured.inputs);
  const metrics = (scores: Float32Array): CardMetrics => cardMetrics(evaluate(measured.labels, scores), measured.file);
  const precision: CardPrecision = {
    weights,
    maxAbsDifference: before.reduce((most, score, i) => Math.max(most, Math.abs(score - after[i])), 0),
    float32: metrics(before),
    reduced: metrics(after),
  };
  const { parity: _, ...card } = model.card;
  return carrying(bytes, { ...card, precision });
}

/** A self-contained model, and how many of the jets compared sit on the edge of a bin. */
export interface SelfContainedModel extends CertifiedModel {
  readonly parity: CardParity;
  readonly onEdge: number;
}

/**
 * Puts the recipe into the graph, which then takes constituents.
 *
 * @param jets on which the result is compared with recipe and image model
 * @throws {JetError} PARITY_FAILED if a score differs by more than 1e-5; UNSUPPORTED for steps that have no operators
 */
export async function withPreprocessing(
  model: CertifiedModel,
  recipe: Recipe,
  jets: Jets,
): Promise<SelfContainedModel> {
  const bytes = lowerRecipe(recipe, model.bytes);
  const { onEdge, ...parity } = await certifyLowered({
    bytes,
    imageModel: model.bytes,
    recipe,
    jets,
    run: runModel,
    runtime: await runtimeName(bytes),
  });
  const card: ModelCard = {
    ...model.card,
    input: { kind: 'constituents', name: 'constituents', shape: [jets.shape[1], 4], layout: 'NMC' },
    parity: [parity],
  };
  return { ...carrying(bytes, card), parity, onEdge };
}

function carrying(bytes: Uint8Array, card: ModelCard): CertifiedModel {
  return { bytes: withCard(bytes, card), card };
}

async function scoresOf(bytes: Uint8Array, inputs: JetImages | Jets): Promise<Float32Array> {
  const tagger = await loadTagger(bytes, { device: 'cpu' });
  try {
    return await tagger.score({ kind: 'inputs', inputs: { [tagger.info.inputs[0].name]: inputs } });
  } finally {
    await tagger.dispose();
  }
}

async function runtimeName(bytes: Uint8Array): Promise<string> {
  const tagger = await loadTagger(bytes, { device: 'cpu', threads: 1 });
  try {
    return `${tagger.info.runtime} ${tagger.info.device}`;
  } finally {
    await tagger.dispose();
  }
}

function cardOf(run: LoadedRun, { name, ...author }: ModelIdentity, { inputs, outputs }: ExportedModel): ModelCard {
  const { dataset, recipe } = run.run;
  const [input] = inputs;
  const [output] = outputs;
  if (input === undefined || output === undefined || inputs.length + outputs.length > 2)
    throw new JetError(
      'UNSUPPORTED',
      `export: ${inputs.length} inputs and ${outputs.length} outputs; a card describes one of each`,
    );
  const classes = dataset.classes ?? ['background', 'signal'];
  const images = input.shape.length === 3;
  return {
    format: 'jetsdk-card/1',
    name,
    ...(author.version !== undefined && { version: author.version }),
    task: `${classes[1]} against ${classes[0]} jets`,
    classes,
    signalClass: classes[1],
    input: { ...input, kind: images ? 'images' : 'constituents', layout: images ? 'NHWC' : 'NMC' },
    output: {
      name: output.name,
      kind: output.name === 'score' || output.name === 'probabilities' ? output.name : 'values',
    },
    ...(recipe !== undefined && { recipe, recipeHash: recipeHash(recipe) }),
    training: trainingFacts(run),
    sdkVersion: SDK_VERSION,
    ...(author.licence !== undefined && { licence: author.licence }),
  };
}

/** The part of an evaluation that belongs into a card. */
export function cardMetrics(result: EvaluationResult, file: MeasuredFile): CardMetrics {
  const { signal, background, auc, aucStdErr, accuracy, rejection, rejectionArea } = result;
  return {
    ...file,
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
    ...(rejectionArea !== undefined && { rejectionArea }),
  };
}
