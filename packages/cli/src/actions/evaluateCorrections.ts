/** @file What corrected jets are worth, beside other ways of correcting them: as text, JSON or a report. */
import { basename } from 'node:path';
import {
  binEdges,
  type CorrectedObservable,
  type CorrectionBins,
  type CorrectionWay,
  compareCorrections,
  logRatioLoss,
} from '@jetsdk/eval/regression';
import {
  columnOf,
  correctedJets,
  formatCounted,
  imager,
  JetError,
  type JetImages,
  type JetSource,
  namedRecipe,
  pixelateOf,
} from '@jetsdk/jets';
import { describeFile, openAllJets, openJets, writeFileAtomically } from '@jetsdk/jets/files';
import { columnIfThere } from '../columnIfThere.js';
import { FIGURES_HEAD, figureRows, PAIRS_HEAD, pairRows } from '../correctionTables.js';
import { print, printJson, progress, say, table } from '../terminal.js';
import {
  type ComparedCorrections,
  type CorrectedImages,
  correctionReport,
  OBSERVABLES,
  PBAR,
} from './correctionReport.js';

export interface CorrectionFlags {
  /** files of the jets that were corrected */
  readonly truth: readonly string[];
  /** what `correct` wrote, one file a model */
  readonly corrected: readonly string[];
  /** beginnings of the names of columns: `puppi` for puppi_pt and puppi_mass */
  readonly beside?: readonly string[];
  readonly json?: true;
  readonly report?: string;
}

const RECIPE = namedRecipe('pumml');
const TRUTH = namedRecipe('pumml-truth');
const { halfWidth } = pixelateOf(TRUTH);
/** Jets read at a time. */
const BLOCK = 4096;
/** Figures of corrected jets. */
export async function evaluateCorrections(flags: CorrectionFlags): Promise<void> {
  const { beside = [] } = flags;
  const names = flags.corrected.map((path) => basename(path).replace(/\.[^.]+$/, ''));
  const source = await openAllJets(flags.truth);
  try {
    const truth = new Map<string, Float64Array>();
    for (const { column } of OBSERVABLES) truth.set(column, await columnOf(source, `true_${column}`));
    const others: Record<'pt' | 'mass', Float64Array>[] = [];
    for (const name of beside)
      others.push({ pt: await columnOf(source, `${name}_pt`), mass: await columnOf(source, `${name}_mass`) });
    const { images, kinematics } = await readCorrected(source, flags.corrected);
    const ways: CorrectionWay[] = [
      ...names.map((name) => ({ name })),
      ...beside.map((name, i) => ({ name, found: others[i].pt })),
    ];
    const observables = OBSERVABLES.map(
      ({ name, column }): CorrectedObservable => ({
        name,
        truth: truth.get(column) ?? [],
        predicted: [...kinematics, ...others].map((of) => of[column]),
      }),
    );
    const pileup = await columnIfThere(source, 'npu');
    const bins: CorrectionBins[] = [
      { name: 'true pT', values: observables[0].truth, edges: binEdges(observables[0].truth) },
      ...(pileup === undefined ? [] : [{ name: 'pile-up', values: pileup, edges: binEdges(pileup) }]),
    ];
    const losses = [
      ...names.map((name, i) => ({ name, loss: logRatioLoss(images.truth, images.corrected[i], PBAR) })),
      { name: 'as measured', loss: logRatioLoss(images.truth, images.measured, PBAR) },
    ];
    const compared: ComparedCorrections = { losses, ...compareCorrections(ways, observables, { bins }) };
    if (flags.report !== undefined) {
      await writeFileAtomically(
        flags.report,
        correctionReport({ ...flags, jets: source.count, names, halfWidth, compared, observables, images }),
      );
      say(`report: ${flags.report}`);
    }
    if (flags.json) printJson({ jets: source.count, ...compared });
    else printCompared(source.count, compared);
  } finally {
    source.close();
  }
}

/** @throws {JetError} SHAPE_MISMATCH for images of other jets or another size */
async function readCorrected(
  source: JetSource,
  paths: readonly string[],
): Promise<{ images: CorrectedImages; kinematics: readonly Record<'pt' | 'mass', Float64Array>[] }> {
  const [shown, make] = [imager({ ...RECIPE, steps: RECIPE.steps.slice(0, 1) }), imager(TRUTH)];
  const size = make.shape.reduce((a, b) => a * b, 1);
  const { count } = source;
  const room = (): Float32Array => new Float32Array(count * size);
  const images = { size, measured: room(), truth: room(), corrected: paths.map(room) };
  const kinematics = paths.map(() => ({ pt: new Float64Array(count), mass: new Float64Array(count) }));
  const opened: JetSource[] = [];
  const bar = progress('read', count, 'jets');
  try {
    for (const path of paths) {
      const { arrays } = await describeFile(path);
      const image = arrays.find(({ name }) => name.replace(/^\//, '') === 'image');
      const file = await openJets(path, image === undefined ? {} : { dataset: image.name });
      opened.push(file);
      if (file.kind !== 'images' || file.count !== count || file.jetShape.join() !== make.shape.join())
        throw new JetError(
          'SHAPE_MISMATCH',
          `${path}: ${file.count} × ${file.jetShape.join('×')}; expected ${count} images of ${make.shape.join('×')}, one of each jet of ${source.name}, as jetsdk correct writes them`,
          { path },
        );
    }
    for (let start = 0; start < count; start += BLOCK) {
      const stop = Math.min(count, start + BLOCK);
      const jets = await source.read(start, stop);
      if (jets.kind !== 'constituents')
        throw new JetError('BAD_DATASET', `${source.name}: got images; expected constituents with charge and vertex`);
      shown.fill(jets, images.measured, start * size);
      make.fill(jets, images.truth, start * size);
      for (const [i, file] of opened.entries()) {
        const part = (await file.read(start, stop)) as JetImages;
        images.corrected[i].set(part.data, start * size);
        const { pt, mass } = correctedJets(part, jets, { recipe: RECIPE, halfWidth });
        kinematics[i].pt.set(pt, start);
        kinematics[i].mass.set(mass, start);
      }
      bar.update(stop);
    }
  } finally {
    bar.stop();
    for (const file of opened) file.close();
  }
  return { images, kinematics };
}

function printCompared(jets: number, { losses, results, pairs }: ComparedCorrections): void {
  print(`${formatCounted(jets, 'jet')}\n`);
  print(
    table(
      [`loss of the pixels, p̄ = ${PBAR} GeV`, ''],
      losses.map(({ name, loss }) => [name, loss.toPrecision(4)]),
    ),
  );
  for (const { name } of OBSERVABLES) {
    print(`\n${table([name, ...FIGURES_HEAD.slice(1)], figureRows(results, name))}`);
    if (pairs.length > 0)
      print(`\n${table([`${name}, ${PAIRS_HEAD[0]}`, ...PAIRS_HEAD.slice(1)], pairRows(pairs, name))}`);
  }
}
