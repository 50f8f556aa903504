import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  type CertifiedModel,
  calibrationImages,
  certifiedGraph,
  exportModel,
  inspectModel,
  madeUpInputs,
  tritonConfig,
  withPreprocessing,
} from '@jetsdk/export';
import { openModel } from '@jetsdk/infer';
import { inputForm, JetError, type JetImages, type Jets, takeJets, toInputs, type Where } from '@jetsdk/jets';
import { fileHash, makeFolder, openJets, writeFileAtomically } from '@jetsdk/jets/files';
import { isRegression, type LoadedRun, loadLayersModel, loadRun, PARTS, predict, selectBackend } from '@jetsdk/train';
import { openLabelledFile } from '../dataset.js';
import { cardPath, type ExportFlags, refuseBeside } from '../exportFlags.js';
import { CALIBRATION_JETS, exportRun, type MeasuredInputs, reduced, withMetrics } from '../exporting.js';
import { isTrainedModel, readModel } from '../modelFile.js';
import { withOptionNames } from '../optionNames.js';
import { print, say, table } from '../terminal.js';

/** Writes a run, or a layers model from elsewhere, as ONNX. */
export async function exportCommand(folder: string, flags: ExportFlags): Promise<void> {
  if (folder.endsWith('.onnx')) {
    await exportAgain(folder, flags);
    return;
  }
  const { output } = flags;
  if (output === undefined)
    throw new JetError('BAD_ARGUMENT', 'export: no file to write; expected one; name it with --output');
  await selectBackend('wasm');
  if (isTrainedModel(folder) || /^https?:/.test(folder)) {
    refuseBeside(folder, flags);
    await exportForeign(folder, output, flags);
    return;
  }
  if (flags.architecture !== undefined || flags.inputShape !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `export: ${folder} is a run, which knows its architecture and inputs; expected no --architecture or --input-shape; leave it out`,
    );
  if (await isRegression(folder)) {
    const { exportRegression } = await import('./exportRegression.js');
    await exportRegression(folder, output, flags);
    return;
  }
  refuseBeside(folder, flags);
  const run = await loadRun(folder);
  const form = inputForm(run.run.inputShape, run.run.recipe);
  const jets = await calibrationJets(run, flags.calibration);
  const images = jets === undefined ? madeUpImages(run) : toInputs(jets, form);
  const { name = run.run.settings.network, modelVersion: version, licence } = flags;
  const identity = { name, ...(version !== undefined && { version }), ...(licence !== undefined && { licence }) };
  let model = await exportRun(run, identity, images);
  const [parity] = model.card.parity!;
  const lines = [
    `${parity!.runtime} against the trained network on ${parity!.jets} jets: max |Δscore| = ${parity!.maxAbsDifference.toExponential(2)} (tolerance ${parity!.tolerance})`,
  ];
  const measured: MeasuredInputs[] = [];
  try {
    for (const dataset of flags.measure) {
      const datasetHash = await fileHash(dataset);
      const file = { dataset, datasetHash, ...testRows(run, dataset, datasetHash) };
      measured.push({ ...(await openLabelledFile(dataset, form, file.where)), file });
    }
    if (flags.precision !== 'float32') {
      const [first] = measured;
      if (first === undefined)
        throw new JetError(
          'BAD_ARGUMENT',
          `export: --precision ${flags.precision} without --measure; name labelled jets that tell what it costs`,
        );
      model = await reduced(run, model, flags.precision, images, first);
      lines.push(precisionTable(model));
    }
    if (measured.length > 0) model = await withMetrics(model, measured);
  } finally {
    for (const { inputs } of measured) inputs.close();
  }
  if (flags.withPreprocessing) {
    const { bytes, card, ...compared } = await selfContained(run, model, jets);
    model = { bytes, card };
    lines.push(
      `self-contained against recipe and image model on ${compared.parity.jets} jets: max |Δscore| = ${compared.parity.maxAbsDifference.toExponential(2)}; ${compared.onEdge} jets sit on the edge of a bin within float32 rounding and do not count`,
    );
  }
  await writeFileAtomically(output, model.bytes);
  await writeFileAtomically(cardPath(output), `${JSON.stringify(model.card, null, 2)}\n`);
  say(`${output}: ${model.bytes.length} bytes`);
  if (flags.triton !== undefined) await writeTriton(flags.triton, model);
  for (const line of lines) print(line);
}

/**
 * Of a file that was trained on, the jets that were set apart; of another, all.
 *
 * @throws {JetError} BAD_ARGUMENT if the file was trained on and holds no test jets that can be told apart later
 */
function testRows({ run }: LoadedRun, path: string, hash: string): { readonly where?: Where } {
  const { split } = run.dataset;
  if (!filesOf(run.dataset).some((file) => file.hash === hash)) return {};
  if (split === undefined || !('column' in split))
    throw new JetError(
      'BAD_ARGUMENT',
      `export: --measure ${path}: the network was trained on jets of this file; expected others (the figures of the test jets of a random split are in test.json of the run)`,
      { path },
    );
  return { where: { column: split.column, equals: PARTS.test } };
}

/** The files of a training. */
function filesOf({ name, hash, files }: LoadedRun['run']['dataset']): readonly TrainingFile[] {
  return files ?? [{ name, hash }];
}

interface TrainingFile {
  readonly name: string;
  readonly hash: string | undefined;
}

/** A model with its configuration, as Triton's model repositories have it. */
async function writeTriton(repository: string, { bytes, card }: Pick<CertifiedModel, 'bytes' | 'card'>): Promise<void> {
  const config = tritonConfig(card, createHash('sha256').update(bytes).digest('hex'));
  const folder = join(repository, card.name);
  await makeFolder(join(folder, '1'));
  await writeFileAtomically(join(folder, '1', 'model.onnx'), bytes);
  await writeFileAtomically(join(folder, 'config.pbtxt'), config);
  say(`${folder}: for tritonserver --model-repository=${repository}`);
}

/** What is exported already, for Triton. */
async function exportAgain(path: string, { triton, output, calibration, ...flags }: ExportFlags): Promise<void> {
  if (triton === undefined || output !== undefined || calibration !== undefined || isChanged(flags))
    throw new JetError(
      'BAD_ARGUMENT',
      `export: ${path} is exported already; expected --triton and no other options; name the run to export it otherwise`,
      { path },
    );
  const bytes = await readModel(path);
  const { card } = inspectModel(bytes);
  if (card === undefined)
    throw new JetError(
      'UNSUPPORTED',
      `export: ${path} has no card, which Triton's configuration is made from; expected a model of this SDK`,
      { path },
    );
  await writeTriton(triton, { bytes, card });
}

/** Whether what is written shall differ from what there is. */
const isChanged = ({ precision, measure, withPreprocessing, name, modelVersion, licence, ...foreign }: ExportFlags) =>
  precision !== 'float32' ||
  measure.length > 0 ||
  withPreprocessing === true ||
  [name, modelVersion, licence, foreign.architecture, foreign.inputShape].some((value) => value !== undefined);

/** A layers model from elsewhere: what it was trained on and what its classes are is not known, so it gets no card. */
async function exportForeign(
  path: string,
  output: string,
  { calibration, architecture, inputShape, ...flags }: ExportFlags,
): Promise<void> {
  if (flags.triton !== undefined || isChanged(flags))
    throw new JetError(
      'BAD_ARGUMENT',
      `export: ${path} is no run of ours and gets no card; expected no other options than --output, --calibration, --architecture and --input-shape`,
    );
  const artifacts = await loadLayersModel(path, architecture === undefined ? {} : { architecture });
  const shapes = inputShape && { inputShapes: inputShape };
  const { inputs, outputs } = await withOptionNames({ inputShapes: '--input-shape 40,40,1 or the like' }, async () =>
    exportModel(artifacts, shapes),
  );
  const [input] = inputs;
  if (input === undefined || inputs.length > 1 || outputs.length > 1)
    throw new JetError(
      'UNSUPPORTED',
      `${path}: inputs ${inputs.map(({ name }) => name).join(', ')}, outputs ${outputs.map(({ name, shape }) => `${name} (${shape.join(', ')})`).join(', ')}; expected one of each; use exportModel and certify of @jetsdk/export`,
    );
  const jets =
    calibration === undefined
      ? madeUpInputs(input.shape, CALIBRATION_JETS, input.indices)
      : await spreadJets(calibration);
  const { bytes, parity } = await certifiedGraph(artifacts, {
    calibration: { [input.name]: jets },
    reference: await predict(artifacts, jets),
    open: openModel,
    ...shapes,
  });
  await writeFileAtomically(output, bytes);
  say(`${output}: ${bytes.length} bytes, without a card`);
  print(
    `${parity.runtime} against TensorFlow.js on ${parity.jets} inputs: max |Δ| = ${parity.maxAbsDifference.toExponential(2)} (tolerance ${parity.tolerance}${parity.scale === undefined ? '' : ` of the scale ${parity.scale.toPrecision(3)}`})`,
  );
}

/** Jets to compare on: those of the training where no other file is named; undefined where these are not here. */
async function calibrationJets({ run }: LoadedRun, file: string | undefined): Promise<Jets | JetImages | undefined> {
  const [first] = filesOf(run.dataset);
  const path = file ?? first.name;
  if (file === undefined && !(await isTrainingFile(first))) {
    say(`${path} is not here, or not as it was; comparing on made-up jets (--calibration names real ones)`);
    return undefined;
  }
  return spreadJets(path);
}

async function spreadJets(path: string): Promise<Jets | JetImages> {
  const source = await openJets(path);
  try {
    const step = Math.max(1, source.count / CALIBRATION_JETS);
    const spread = Uint32Array.from({ length: Math.floor(source.count / step) }, (_, i) => Math.floor(i * step));
    return await takeJets(source, spread);
  } finally {
    source.close();
  }
}

async function isTrainingFile({ name, hash }: TrainingFile): Promise<boolean> {
  try {
    return (await fileHash(name)) === hash;
  } catch {
    return false;
  }
}

function madeUpImages({ run }: LoadedRun): JetImages {
  if (run.inputShape.length !== 3)
    throw new JetError('BAD_DATASET', 'export: no jets to compare on; name a file of constituents with --calibration');
  return calibrationImages({
    shape: run.inputShape as readonly [number, number, number],
    count: CALIBRATION_JETS,
    ...(run.recipe !== undefined && { recipe: run.recipe }),
  });
}

async function selfContained({ run }: LoadedRun, model: CertifiedModel, jets: Jets | JetImages | undefined) {
  if (run.recipe === undefined || jets?.kind !== 'constituents')
    throw new JetError(
      'BAD_ARGUMENT',
      'export: --with-preprocessing needs a recipe and constituents to compare on; name a file of constituents with --calibration',
    );
  return withPreprocessing(model, run.recipe, jets, openModel);
}

function precisionTable({ card }: CertifiedModel): string {
  const { weights, float32, reduced, maxAbsDifference } = card.precision!;
  const row = (name: string, { auc, aucStdErr, accuracy, rejection }: typeof float32): string[] => [
    name,
    `${auc.toFixed(5)} ± ${(aucStdErr ?? 0).toFixed(5)}`,
    accuracy.toFixed(4),
    ...rejection.map((at) => at.rejection.toFixed(1)),
  ];
  const header = [
    'weights',
    'AUC',
    'accuracy',
    ...float32.rejection.map((at) => `1/ε_B at ε_S=${at.signalEfficiency}`),
  ];
  return `${table(header, [row('float32', float32), row(weights, reduced)])}\nmax |Δscore| = ${maxAbsDifference.toExponential(2)} on ${float32.signal + float32.background} jets of ${float32.dataset}`;
}
