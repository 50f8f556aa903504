import { basename } from 'node:path';
import type { Tagger } from '@jetsdk/infer';
import { JetError, type JetSource, knowsFiles, takeSource } from '@jetsdk/jets';
import { openJets, writeFileAtomically } from '@jetsdk/jets/files';
import { rowsApartFromAll } from '@jetsdk/train';
import { type Contender, contender, contenderNames } from '../contender.js';
import { type JetFlags, jetOptions } from '../options.js';
import { partOf, signalText } from '../provenance.js';
import { requireScorePictures, type ScoreAxis } from '../scoreAxis.js';
import { print, printJson, progress, say } from '../terminal.js';
import { comparisonReport, comparisonText } from './comparisonReport.js';
import { type Compared, costsOf, type Excluded, type JudgingFlags, judge, judgeClasses } from './judgeModels.js';

export interface CompareFlags extends JetFlags, JudgingFlags {
  readonly data?: string;
  readonly json?: true;
  readonly report?: string;
  readonly scoreAxis?: ScoreAxis;
}

/** Scores the jets that none of some models was trained on, and compares the models on them. */
export async function compare(named: readonly string[], flags: CompareFlags): Promise<void> {
  if (named.length < 2)
    throw new JetError('BAD_ARGUMENT', `compare: got ${named.length} model; expected two or more, runs or ONNX files`);
  const names = contenderNames(named);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new JetError('BAD_ARGUMENT', `compare: two models are called ${twice}; expected each once`);
  const contenders: Contender[] = [];
  try {
    for (const [i, what] of named.entries()) contenders.push(await contender(what, names[i]));
    const path = flags.data ?? (await commonFile(contenders));
    const source = await openJets(path, jetOptions(flags));
    try {
      await compareOn(path, source, contenders, flags);
    } finally {
      source.close();
    }
  } finally {
    for (const { tagger } of contenders) await tagger.dispose();
  }
}

/** The file that all of them were trained on, where it is still here. */
async function commonFile(contenders: readonly Contender[]): Promise<string> {
  const files = new Map(contenders.map(({ trainings: [training] }) => [training?.datasetHash, training?.dataset]));
  const [path] = files.values();
  if (files.size > 1 || path === undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `compare: the models were trained on ${[...files.values()].map((file) => basename(file ?? 'what they do not say')).join(', ')}; expected one file; name the jets with --data`,
    );
  const isThere = await partOf(path, contenders[0].trainings[0]).catch(() => undefined);
  if (isThere === undefined)
    throw new JetError(
      'FILE_NOT_FOUND',
      `compare: ${path}, which the models were trained on, is not here, or not as it was; name jets with --data`,
      { path },
    );
  return path;
}

async function compareOn(
  path: string,
  source: JetSource,
  contenders: readonly Contender[],
  flags: CompareFlags,
): Promise<void> {
  const classes = commonClasses(contenders);
  requireScorePictures('compare', flags.scoreAxis, classes?.length ?? 2);
  for (const { tagger } of contenders) {
    const other = signalText(path, source.classes, tagger.info.card);
    if (other !== undefined) say(`warning: ${other}`);
  }
  const { rows, excluded } = await apart(path, source, contenders);
  const labels = await (rows === undefined ? source : takeSource(source, rows)).labels();
  if (labels === undefined)
    throw new JetError(
      'BAD_DATASET',
      `compare: ${path}: no labels; expected signal and background jets that are told apart`,
    );
  const scored = [];
  for (const { name, tagger } of contenders) {
    const some = rows === undefined ? source : takeSource(source, rows);
    const bar = progress(`score with ${name}`, some.count, 'jets');
    try {
      const options = { onProgress: ({ done }: { readonly done: number }) => bar.update(done) };
      const scores =
        classes === undefined ? await tagger.score(some, options) : (await tagger.probabilities(some, options)).data;
      scored.push({ name, scores, jetsPerSecond: await speedOf(tagger, some) });
    } finally {
      bar.stop();
    }
  }
  const compared: Compared = { jets: source.count, excluded, labels, scores: scored };
  const judged =
    classes === undefined
      ? await judge(compared, flags, source.classes ?? classesOfCards(contenders))
      : judgeClasses(compared, flags, classes);
  const costs = costsOf(contenders, compared);
  if (flags.report !== undefined) {
    await writeFileAtomically(
      flags.report,
      comparisonReport(path, contenders, compared, judged, costs, flags.scoreAxis),
    );
    say(`report: ${flags.report}`);
  }
  if (flags.json)
    printJson({
      data: path,
      jets: labels.length,
      excluded,
      results: judged.results,
      comparisons: judged.comparisons,
      rejections: judged.rejections,
      costs,
    });
  else print(comparisonText(path, compared, judged, costs));
  for (const { a, b, reason } of judged.notCompared) say(`warning: no paired test of ${a} and ${b}: ${reason}`);
}

/**
 * The classes of all models, where there are more than two.
 *
 * @throws {JetError} BAD_ARGUMENT if they are not the same
 */
function commonClasses(contenders: readonly Contender[]): readonly string[] | undefined {
  const told = contenders.map(({ name, tagger }) => ({ name, classes: tagger.info.card?.classes ?? [] }));
  const most = told.find(({ classes }) => classes.length > 2);
  if (most === undefined) return undefined;
  const other = told.find(({ classes }) => classes.join('\0') !== most.classes.join('\0'));
  if (other !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `compare: ${most.name} has the classes ${most.classes.join(', ')}, ${other.name} ${other.classes.join(', ') || 'says none'}; expected the same in the same order`,
    );
  return most.classes;
}

/** Background and signal by the names that one of the models was trained with. */
function classesOfCards(contenders: readonly Contender[]): readonly string[] | undefined {
  const card = contenders
    .map(({ tagger }) => tagger.info.card)
    .find((one) => one?.classes.length === 2 && !one.classes.includes('signal'));
  return card?.classes.toSorted((a, b) => Number(a === card.signalClass) - Number(b === card.signalClass));
}

/** Jets that speed is measured on. */
const TIMED_JETS = 2000;

/** Jets a second from memory to scores, once everything is warm. */
async function speedOf(tagger: Tagger, source: JetSource): Promise<number> {
  const jets = await source.read(0, Math.min(source.count, TIMED_JETS));
  const quietly = { onWarning: () => {} };
  await tagger.score(jets, quietly);
  const started = performance.now();
  await tagger.score(jets, quietly);
  return (1000 * jets.shape[0]) / (performance.now() - started);
}

/** The jets that took part in none of the trainings, and how many did in each. */
async function apart(
  path: string,
  source: JetSource,
  contenders: readonly Contender[],
): Promise<{ rows: Uint32Array | undefined; excluded: readonly Excluded[] }> {
  for (const {
    name,
    trainings: [training],
  } of contenders) {
    if (!knowsFiles(training))
      say(`warning: ${name} does not say what it was trained on; jets of ${path} may have taken part`);
    const from = training?.initial?.dataset;
    if (from !== undefined && basename(from) === basename(path))
      say(`warning: ${name} began with weights learned on ${from}; jets of ${path} may have taken part in that`);
  }
  const trainings = contenders.map(({ trainings: [training] }) => training);
  const { rows, taken } = await rowsApartFromAll(path, source, trainings);
  const excluded = contenders.flatMap(({ name }, i) => {
    const jets = taken[i];
    return jets === undefined ? [] : [{ name, jets }];
  });
  return { rows, excluded };
}
