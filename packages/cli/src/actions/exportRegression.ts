import { basename } from 'node:path';
import { correctedComparisons, correctedFigures, type JetObservable, type OtherWay } from '@jetsdk/eval/regression';
import { certifiedRegressor, withRegressorMetrics } from '@jetsdk/export';
import { openModel, type Regressor } from '@jetsdk/infer';
import {
  correctedColumns,
  formatCounted,
  isJetError,
  JetError,
  type JetSource,
  type RegressorMetrics,
  readCorrections,
  spreadRows,
  takeSource,
} from '@jetsdk/jets';
import { fileHash, openJets, writeFileAtomically } from '@jetsdk/jets/files';
import {
  type LoadedRegression,
  loadRegression,
  predictImages,
  type RegressionExamples,
  readExamples,
  recipesOf,
  regressors,
  trainingFacts,
} from '@jetsdk/train';
import { columnIfThere } from '../columnIfThere.js';
import { cardPath, type ExportFlags } from '../exportFlags.js';
import { CALIBRATION_JETS } from '../exporting.js';
import { print, progress, say } from '../terminal.js';
import { loadOn } from './correct.js';
import { isRegressor } from './trainRegressor.js';

/** Writes a regression as ONNX, certified, with its figures on jets that are named. */
export async function exportRegression(folder: string, output: string, flags: ExportFlags): Promise<void> {
  if (flags.precision !== 'float32' || flags.withPreprocessing || flags.triton !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `export: ${folder} holds a regression; expected neither --precision, --with-preprocessing nor --triton, which are for classifiers`,
    );
  const loaded = await loadRegression(folder);
  const { run, artifacts } = loaded;
  const { name = run.settings.network, modelVersion: version, licence } = flags;
  const calibration = (await calibrationExamples(loaded, flags.calibration)).inputs;
  const network = run.settings.network;
  let model = await certifiedRegressor(
    artifacts,
    {
      name,
      ...(version !== undefined && { version }),
      ...(licence !== undefined && { licence }),
      task: isRegressor(network) ? regressors[network].description : 'images of jets',
      recipe: run.recipe,
      truth: run.truth,
      training: trainingFacts(loaded),
    },
    { calibration, reference: await predictImages(artifacts, calibration), open: openModel },
  );
  if (flags.measure.length > 0) {
    await using regressor = await loadOn(model.bytes);
    const metrics: RegressorMetrics[] = [];
    for (const dataset of flags.measure) metrics.push(await measured(dataset, loaded, regressor, flags.beside));
    model = withRegressorMetrics(model, metrics);
    for (const { dataset, loss, observables } of metrics)
      print(
        `${dataset}: loss ${loss.toPrecision(4)}; ${observables.map((one) => `${one.name} correlation ${one.correlation.value.toFixed(4)}, interquartile range ${(100 * one.iqr.value).toFixed(1)} %`).join('; ')}`,
      );
  }
  await writeFileAtomically(output, model.bytes);
  await writeFileAtomically(cardPath(output), `${JSON.stringify(model.card, null, 2)}\n`);
  const [parity] = model.card.parity!;
  say(`${output}: ${formatCounted(model.bytes.length, 'byte')}`);
  print(
    `${parity!.runtime} against the trained network on ${formatCounted(parity!.jets, 'jet')}: max |Δ| = ${parity!.maxAbsDifference.toExponential(2)} GeV (tolerance ${parity!.tolerance}${parity!.scale === undefined ? '' : ` of the scale ${parity!.scale.toPrecision(3)}`})`,
  );
}

/** Jets of the training, or of the file that is named, spread evenly. */
async function calibrationExamples({ run }: LoadedRegression, file: string | undefined): Promise<RegressionExamples> {
  const path = file ?? run.dataset.files?.[0].name ?? run.dataset.name;
  const { network } = run.settings;
  if (!isRegressor(network))
    throw new JetError(
      'BAD_FILE',
      `export: a run of ${network}; expected one of ${Object.keys(regressors).join(', ')}`,
    );
  let source: JetSource;
  try {
    source = await openJets(path);
  } catch (cause) {
    if (!isJetError(cause, 'FILE_NOT_FOUND')) throw cause;
    throw new JetError(
      'FILE_NOT_FOUND',
      `export: ${path} is not here; expected jets to compare on; name a file of them with --calibration`,
      { path },
      { cause },
    );
  }
  try {
    const rows = spreadRows(source.count, CALIBRATION_JETS);
    return await readExamples(takeSource(source, rows), recipesOf(regressors[network]));
  } finally {
    source.close();
  }
}

async function measured(
  dataset: string,
  { run }: LoadedRegression,
  regressor: Regressor,
  beside: readonly string[] = [],
): Promise<RegressorMetrics> {
  const datasetHash = await fileHash(dataset);
  if (datasetHash === run.dataset.hash || run.dataset.files?.some(({ hash }) => hash === datasetHash))
    throw new JetError(
      'BAD_ARGUMENT',
      `export: --measure ${dataset}: the network was trained on jets of this file; expected others`,
      { path: dataset },
    );
  const source = await openJets(dataset);
  try {
    const { recipe, output } = regressor.info;
    const bar = progress(basename(dataset), source.count, 'jets');
    const [corrected, truth] = await readCorrections(source, [(jets) => regressor.correct(jets), run.truth], {
      recipe,
      halfWidth: output.halfWidth,
      onProgress: ({ done }) => bar.update(done),
    }).finally(() => bar.stop());
    const observables: JetObservable[] = [];
    for (const [name, column, predicted] of [
      ['pT', 'true_pt', corrected.pt],
      ['mass', 'true_mass', corrected.mass],
    ] as const) {
      const known = await columnIfThere(source, column);
      if (known) observables.push({ name, truth: known, predicted });
    }
    const pixels = { truth: truth.images.data, predicted: corrected.images.data, pbar: run.loss.pbar };
    const figures = correctedFigures(pixels, observables);
    const others: OtherWay[] = [];
    for (const name of beside) {
      const { pt: pT, mass } = await correctedColumns(source, name);
      others.push({ name, predicted: { pT, mass }, found: pT });
    }
    const comparisons = others.length > 0 && { comparisons: correctedComparisons(observables, others) };
    return { dataset, datasetHash, jets: source.count, ...figures, ...comparisons };
  } finally {
    source.close();
  }
}
