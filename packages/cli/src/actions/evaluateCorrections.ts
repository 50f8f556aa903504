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
  correctedColumns,
  formatCounted,
  imageRecipes,
  type JetSource,
  namedRecipe,
  pixelateOf,
  readCorrections,
} from '@jetsdk/jets';
import { describeFile, openAllJets, openJets, writeFileAtomically } from '@jetsdk/jets/files';
import { columnIfThere } from '../columnIfThere.js';
import { FIGURES_HEAD, figureRows, PAIRS_HEAD, pairRows } from '../correctionTables.js';
import { print, printJson, progress, say, table } from '../terminal.js';
import { type ComparedCorrections, correctionReport, OBSERVABLES, PBAR } from './correctionReport.js';

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
const [MEASURED] = imageRecipes(RECIPE).values();
const { halfWidth } = pixelateOf(TRUTH);

/** Figures of corrected jets. */
export async function evaluateCorrections(flags: CorrectionFlags): Promise<void> {
  const { beside = [] } = flags;
  const names = flags.corrected.map((path) => basename(path).replace(/\.[^.]+$/, ''));
  const source = await openAllJets(flags.truth);
  const opened: JetSource[] = [];
  try {
    const truth = await correctedColumns(source, 'true');
    const others = await Promise.all(beside.map((name) => correctedColumns(source, name)));
    for (const path of flags.corrected) opened.push(await openImages(path));
    const bar = progress('read', source.count, 'jets');
    const [measured, made, ...corrected] = await readCorrections(source, [MEASURED, TRUTH, ...opened], {
      recipe: RECIPE,
      halfWidth,
      onProgress: ({ done }) => bar.update(done),
    }).finally(() => bar.stop());
    const ways: CorrectionWay[] = [
      ...names.map((name) => ({ name })),
      ...beside.map((name, i) => ({ name, found: others[i].pt })),
    ];
    const observables = OBSERVABLES.map(
      ({ name, column }): CorrectedObservable => ({
        name,
        truth: truth[column],
        predicted: [...corrected, ...others].map((of) => of[column]),
      }),
    );
    const pileup = await columnIfThere(source, 'npu');
    const bins: CorrectionBins[] = [
      { name: 'true pT', values: observables[0].truth, edges: binEdges(observables[0].truth) },
      ...(pileup === undefined ? [] : [{ name: 'pile-up', values: pileup, edges: binEdges(pileup) }]),
    ];
    const losses = [
      ...names.map((name, i) => ({ name, loss: logRatioLoss(made.images.data, corrected[i].images.data, PBAR) })),
      { name: 'as measured', loss: logRatioLoss(made.images.data, measured.images.data, PBAR) },
    ];
    const compared: ComparedCorrections = { losses, ...compareCorrections(ways, observables, { bins }) };
    if (flags.report !== undefined) {
      await writeFileAtomically(
        flags.report,
        correctionReport({
          ...flags,
          jets: source.count,
          names,
          halfWidth,
          compared,
          observables,
          measured: measured.images,
          wanted: made.images,
          predicted: corrected.map(({ images }) => images),
        }),
      );
      say(`report: ${flags.report}`);
    }
    if (flags.json) printJson({ jets: source.count, ...compared });
    else printCompared(source.count, compared);
  } finally {
    for (const file of [source, ...opened]) file.close();
  }
}

/** The images of a file that `correct` wrote. */
async function openImages(path: string): Promise<JetSource> {
  const { arrays } = await describeFile(path);
  const image = arrays.find(({ name }) => name.replace(/^\//, '') === 'image');
  return openJets(path, image === undefined ? {} : { dataset: image.name });
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
