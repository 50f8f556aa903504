/** @file What `export` and `demo` hand to @jetsdk/export: a run's network, and ONNX Runtime to certify it with. */
import { basename } from 'node:path';
import { cardMetrics, evaluate, type MeasuredFile } from '@jetsdk/eval';
import {
  type CertifiedModel,
  certifiedExport,
  exportModel,
  type ModelIdentity,
  newCard,
  reducePrecision,
  withFacts,
} from '@jetsdk/export';
import { namedInputs, openModel } from '@jetsdk/infer';
import {
  type CardPrecision,
  JetError,
  type JetImages,
  type JetSource,
  type Jets,
  type LayerArtifacts,
  spreadRows,
  takeJets,
} from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { cardFacts, type LoadedRun, meanOfRuns, type NamedRun, predict } from '@jetsdk/train';
import { loadBytes } from './loading.js';
import { progress } from './terminal.js';

/** Jets on which the ONNX file is compared with the trained network, unless there are fewer. */
export const CALIBRATION_JETS = 1000;

/** Exports the best weights of a run. @param calibration inputs as the network sees them */
export async function exportRun(
  run: LoadedRun,
  identity: ModelIdentity,
  calibration: JetImages | Jets,
): Promise<CertifiedModel> {
  const reference = await predict(run.artifacts, calibration);
  return certifiedExport(run.artifacts, cardFacts(run, identity), { calibration, reference, open: openModel });
}

/** Exports the mean of the best weights of some runs. @param mirrored whether over the mirror images of a jet as well */
export async function exportMean(
  runs: readonly NamedRun[],
  mirrored: boolean,
  identity: ModelIdentity,
  calibration: JetImages | Jets,
): Promise<{ readonly artifacts: LayerArtifacts; readonly model: CertifiedModel }> {
  const { artifacts, outputs: reference, facts: mean } = await meanOfRuns(runs, calibration, { mirrored });
  const [[, run]] = runs;
  const facts = { ...cardFacts(run, identity), mean };
  return { artifacts, model: await certifiedExport(artifacts, facts, { calibration, reference, open: openModel }) };
}

/** The same without a certificate, to be scored with here and now. */
export function uncertifiedExport(run: LoadedRun, identity: ModelIdentity): CertifiedModel {
  const exported = exportModel(run.artifacts);
  return withFacts({ bytes: exported.bytes, card: newCard(exported, cardFacts(run, identity)) }, {});
}

/** So many jets of a file as are compared on, spread over it. */
export async function spreadJets(path: string): Promise<Jets | JetImages> {
  const source = await openJets(path);
  try {
    return await takeJets(source, spreadRows(source.count, CALIBRATION_JETS));
  } finally {
    source.close();
  }
}

/** Labelled inputs, read by slices, and where they come from. */
export interface MeasuredInputs {
  readonly inputs: JetSource;
  /** (n,) class numbers */
  readonly labels: Uint8Array;
  readonly file: MeasuredFile;
}

/** 1 for jets of the signal, the last class of the card, 0 for all others. */
function signalLabels(labels: Uint8Array, { classes, signalClass }: CertifiedModel['card']): Uint8Array {
  const signal = classes.indexOf(signalClass);
  const other = labels.findIndex((label) => label >= classes.length);
  if (other >= 0)
    throw new JetError(
      'BAD_DATASET',
      `measure: jet ${other} has label ${labels[other]}; expected 0 to ${classes.length - 1}, classes ${classes.join(', ')}`,
      { jet: other, label: labels[other] },
    );
  return labels.map((label) => (label === signal ? 1 : 0));
}

/** The model with its figures on labelled jets in the card: of the signal against all others. */
export async function withMetrics(model: CertifiedModel, measured: readonly MeasuredInputs[]): Promise<CertifiedModel> {
  const metrics = [];
  for (const { inputs, labels, file } of measured)
    metrics.push(cardMetrics(evaluate(signalLabels(labels, model.card), await scoresOf(model.bytes, inputs)), file));
  return withFacts(model, { metrics });
}

/** Stores the weights more coarsely and measures what that changes. */
export async function reduced(
  artifacts: LayerArtifacts,
  model: CertifiedModel,
  weights: CardPrecision['weights'],
  calibration: JetImages | Jets,
  { inputs, labels, file }: MeasuredInputs,
): Promise<CertifiedModel> {
  const small = await reducePrecision(artifacts, model, weights, { calibration, open: openModel });
  const [before, after] = [await scoresOf(model.bytes, inputs), await scoresOf(small.bytes, inputs)];
  const signal = signalLabels(labels, model.card);
  return withFacts(small, {
    precision: {
      weights,
      maxAbsDifference: before.reduce((most, score, i) => Math.max(most, Math.abs(score - after[i])), 0),
      float32: cardMetrics(evaluate(signal, before), file),
      reduced: cardMetrics(evaluate(signal, after), file),
    },
  });
}

async function scoresOf(bytes: Uint8Array, source: JetSource): Promise<Float32Array> {
  await using tagger = await loadBytes(bytes);
  const bar = progress(`measure ${basename(source.name)}`, source.count, 'jets');
  try {
    return await tagger.score(namedInputs(source, tagger.info.inputs[0].name), {
      onProgress: ({ done }) => bar.update(done),
    });
  } finally {
    bar.stop();
  }
}
