/** @file What every exported classifier goes through: figures, coarser weights, the recipe inside, files written. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type CertifiedModel, tritonConfig, withPreprocessing } from '@jetsdk/export';
import { openModel } from '@jetsdk/infer';
import {
  formatCount,
  formatCounted,
  type InputForm,
  JetError,
  type JetImages,
  type Jets,
  type LayerArtifacts,
  type Recipe,
  type Where,
} from '@jetsdk/jets';
import { fileHash, makeFolder, writeFileAtomically } from '@jetsdk/jets/files';
import { openLabelledFile } from '../dataset.js';
import { cardPath, type ExportFlags } from '../exportFlags.js';
import { type MeasuredInputs, reduced, withMetrics } from '../exporting.js';
import { signalText } from '../provenance.js';
import { print, say, table } from '../terminal.js';

/** A certified classifier, and what it was made of. */
export interface Exported {
  readonly artifacts: LayerArtifacts;
  readonly model: CertifiedModel;
  readonly recipe: Recipe | undefined;
  readonly form: InputForm | undefined;
  /** what it was compared on, as the network sees it */
  readonly inputs: JetImages | Jets;
  /** the jets that these were made of, where they are real ones */
  readonly jets: JetImages | Jets | undefined;
}

/**
 * Measures, changes and writes a classifier as the flags say.
 *
 * @param lines what is to be said at the end
 * @param rowsOf which jets of a file may be measured; it throws where none may
 */
export async function finishExport(
  { artifacts, model: certified, recipe, form, inputs, jets }: Exported,
  flags: ExportFlags & { readonly output: string },
  lines: readonly string[],
  rowsOf: (path: string, hash: string) => { readonly where?: Where } = () => ({}),
): Promise<void> {
  const { output } = flags;
  let model = certified;
  const said = [...lines];
  const measured: MeasuredInputs[] = [];
  try {
    for (const dataset of flags.measure) {
      const datasetHash = await fileHash(dataset);
      const file = { dataset, datasetHash, ...rowsOf(dataset, datasetHash) };
      const { classes, ...labelled } = await openLabelledFile(dataset, form, file.where);
      measured.push({ ...labelled, file });
      const other = signalText(dataset, classes, model.card);
      if (other !== undefined) say(`warning: ${other}`);
    }
    if (flags.precision !== 'float32') {
      const [first] = measured;
      if (first === undefined)
        throw new JetError(
          'BAD_ARGUMENT',
          `export: --precision ${flags.precision} without --measure; name labelled jets that tell what it costs`,
        );
      model = await reduced(artifacts, model, flags.precision, inputs, first);
      said.push(precisionTable(model));
    }
    if (measured.length > 0) model = await withMetrics(model, measured);
  } finally {
    for (const { inputs: source } of measured) source.close();
  }
  if (flags.withPreprocessing) {
    const { bytes, card, ...compared } = await selfContained(recipe, model, jets);
    model = { bytes, card };
    said.push(
      `self-contained against recipe and image model on ${formatCounted(compared.parity.jets, 'jet')}: max |Δscore| = ${compared.parity.maxAbsDifference.toExponential(2)}; ${formatCount(compared.onEdge)} jets sit on the edge of a bin within float32 rounding and do not count`,
    );
  }
  await writeFileAtomically(output, model.bytes);
  await writeFileAtomically(cardPath(output), `${JSON.stringify(model.card, null, 2)}\n`);
  say(`${output}: ${formatCounted(model.bytes.length, 'byte')}`);
  if (flags.triton !== undefined) await writeTriton(flags.triton, model);
  for (const line of said) print(line);
}

/** A model with its configuration, as Triton's model repositories have it. */
export async function writeTriton(
  repository: string,
  { bytes, card }: Pick<CertifiedModel, 'bytes' | 'card'>,
): Promise<void> {
  const config = tritonConfig(card, createHash('sha256').update(bytes).digest('hex'));
  const folder = join(repository, card.name);
  await makeFolder(join(folder, '1'));
  await writeFileAtomically(join(folder, '1', 'model.onnx'), bytes);
  await writeFileAtomically(join(folder, 'config.pbtxt'), config);
  say(`${folder}: for tritonserver --model-repository=${repository}`);
}

async function selfContained(recipe: Recipe | undefined, model: CertifiedModel, jets: Jets | JetImages | undefined) {
  if (recipe === undefined || jets?.kind !== 'constituents')
    throw new JetError(
      'BAD_ARGUMENT',
      'export: --with-preprocessing needs a recipe and constituents to compare on; name a file of constituents with --calibration',
    );
  return withPreprocessing(model, recipe, jets, openModel);
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
  return `${table(header, [row('float32', float32), row(weights, reduced)])}\nmax |Δscore| = ${maxAbsDifference.toExponential(2)} on ${formatCounted(float32.signal + float32.background, 'jet')} of ${float32.dataset}`;
}
