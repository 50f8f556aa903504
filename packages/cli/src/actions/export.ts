import { calibrationImages, inspectModel } from '@jetsdk/export';
import {
  formatCounted,
  inputForm,
  JetError,
  type JetImages,
  type Jets,
  meanText,
  toInputs,
  type Where,
} from '@jetsdk/jets';
import { fileHash, requireFolderOf } from '@jetsdk/jets/files';
import { isRegression, type LoadedRun, loadRun, PARTS, requireAlike, selectBackend } from '@jetsdk/train';
import { type ExportFlags, isChanged, refuseBeside, refuseMean } from '../exportFlags.js';
import { CALIBRATION_JETS, exportMean, exportRun, spreadJets } from '../exporting.js';
import { isTrainedModel, readModel } from '../modelFile.js';
import { say } from '../terminal.js';
import { finishExport, writeTriton } from './finishExport.js';

/** Writes a run, the mean of several, or a layers model from elsewhere, as ONNX. */
export async function exportCommand(paths: readonly string[], flags: ExportFlags): Promise<void> {
  const [folder] = paths;
  // a single run is not opened before what is asked of it is complete
  if (paths.length > 1 || flags.mirrors)
    for (const path of paths) if (!(await isTaggerRun(path))) refuseMean(path, paths, flags);
  if (folder.endsWith('.onnx')) {
    await exportAgain(folder, flags);
    return;
  }
  const { output } = flags;
  if (output === undefined)
    throw new JetError('BAD_ARGUMENT', 'export: no file to write; expected one; name it with --output');
  await requireFolderOf(output);
  await selectBackend('wasm');
  if (isForeign(folder)) {
    refuseBeside(folder, flags);
    const { exportForeign } = await import('./exportForeign.js');
    await exportForeign(folder, output, flags);
    return;
  }
  if (flags.recipe !== undefined || flags.classes !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `export: ${folder} is a run, which knows its recipe and classes; expected neither --recipe nor --classes; leave them out`,
    );
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
  const runs: (readonly [string, LoadedRun])[] = [];
  for (const path of paths) runs.push([path, await loadRun(path)]);
  const [[, run]] = runs;
  const mirrored = flags.mirrors ?? false;
  const isMean = runs.length > 1 || mirrored;
  if (isMean) requireAlike(runs, { mirrored });
  for (const [path, { run, history }] of runs)
    if (run.cost === undefined)
      say(
        `warning: ${path}: the training has not ended (${formatCounted(history.epochs.length, 'epoch')} of at most ${run.settings.epochs}); these are its best weights so far; \`jetsdk train --resume\` with the same options goes on`,
      );
  const form = inputForm(run.run.inputShape, run.run.recipe);
  const jets = await calibrationJets(run, flags.calibration);
  const images = jets === undefined ? madeUpImages(run) : toInputs(jets, form);
  const { name = run.run.settings.network, modelVersion: version, licence } = flags;
  const identity = { name, ...(version !== undefined && { version }), ...(licence !== undefined && { licence }) };
  const { artifacts, model } = isMean
    ? await exportMean(runs, mirrored, identity, images)
    : { artifacts: run.artifacts, model: await exportRun(run, identity, images) };
  const { parity: [parity] = [], mean } = model.card;
  const trained = mean === undefined ? 'trained network' : `mean of ${meanText(mean)}`;
  const lines = [
    `${parity!.runtime} against the ${trained} on ${formatCounted(parity!.jets, 'jet')}: max |Δscore| = ${parity!.maxAbsDifference.toExponential(2)} (tolerance ${parity!.tolerance})`,
  ];
  await finishExport(
    { artifacts, model, recipe: run.run.recipe, form, inputs: images, jets },
    { ...flags, output },
    lines,
    (path, hash) => testRows(run, path, hash),
  );
}

const isForeign = (path: string): boolean => isTrainedModel(path) || /^https?:/.test(path);

const isTaggerRun = async (path: string): Promise<boolean> =>
  !path.endsWith('.onnx') && !isForeign(path) && !(await isRegression(path));

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
