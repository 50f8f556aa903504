import { basename } from 'node:path';
import { type EvaluatedTaggers, type EvaluationResult, evaluateTaggers, type NamedScores } from '@jetsdk/eval';
import { formatCount, formatCounted, JetError, SDK_VERSION } from '@jetsdk/jets';
import { describeFile, readLabels, readPerJet, readScoreTable, writeFileAtomically } from '@jetsdk/jets/files';
import { classValues, formatJets, report } from '@jetsdk/plots';
import { readEach } from '../perJet.js';
import { comparisonTable, resultTable } from '../resultTables.js';
import { ofScored, type SharedFacts, sharedFacts } from '../scoreFacts.js';
import { calledAs, print, printJson, say } from '../terminal.js';
import { type EvalFlags, inColumn, layoutOf } from './evalFlags.js';

/** Metrics of score files, as text, JSON or a report. */
export async function evaluateFiles(flags: EvalFlags): Promise<void> {
  const columns = scoreColumns(flags);
  const tables = await Promise.all(
    taggerNames(flags.scores, columns).map(async (name, i) => ({
      name,
      scores: await inColumn('column', columns[i], (column) => readScoreTable(flags.scores[i], column)),
    })),
  );
  const facts = await sharedFacts(flags.scores);
  const weights =
    flags.weights === undefined
      ? undefined
      : ofScored(await perJet(flags.weights, 'weight-column', flags.weightColumn, 'weights'), facts);
  if (tables.some(({ scores }) => scores.shape[1] > 1)) {
    const { evaluateClasses } = await import('./evaluateClasses.js');
    return evaluateClasses(flags, tables, weights, facts, await classesOf(flags));
  }
  if (flags.classes !== undefined && flags.classes.length !== 2)
    throw new JetError(
      'BAD_ARGUMENT',
      `eval: ${formatCounted(flags.classes.length, 'name')} in --classes for one score per jet; expected 2`,
    );
  const all = await readEach(flags.labels, (path) =>
    inColumn('label-column', flags.labelColumn, (column) =>
      readLabels(path, {
        ...column,
        ...layoutOf(flags),
        ...(flags.signal !== undefined && { signal: flags.signal }),
      }),
    ),
  );
  const labels = ofScored(all, facts);
  const named = await classesOf(flags);
  const taggers = tables.map(({ name, scores }) => ({ name, scores: scores.data }));
  const mass =
    flags.mass === undefined
      ? undefined
      : ofScored(await perJet(flags.mass, 'mass-column', flags.massColumn, 'jet_mass'), facts);
  const evaluated = evaluateTaggers(labels, taggers, {
    signalEfficiencies: flags.signalEfficiency,
    estimator: flags.estimator,
    ...(weights !== undefined && { weights }),
    ...(mass !== undefined && { mass }),
  });
  const { comparisons, notCompared } = evaluated;
  const results = evaluated.taggers.map(({ result }, i) => withTrainingWarning(result, flags.scores[i], facts));
  if (flags.report !== undefined) {
    const classes = flags.classes ?? named ?? ['background', 'signal'];
    await writeFileAtomically(flags.report, evalReport(flags, labels, taggers, { ...evaluated, results }, classes));
    say(`report: ${flags.report}`);
  }
  if (flags.json) printJson({ results, comparisons });
  else {
    const [first] = results;
    print(
      `${formatCounted(first.jets, 'jet')}, ${formatCount(first.signal)} signal, ${formatCount(first.background)} background\n`,
    );
    print(resultTable(results));
    if (comparisons.length > 0) print(`\n${comparisonTable(comparisons)}`);
  }
  for (const { a, b, reason } of notCompared) say(`warning: no paired test of ${a} and ${b}: ${reason}`);
  for (const { name, warnings } of results)
    for (const { code, message } of warnings) say(`warning: ${name}: ${message} [${code}]`);
}

/** @throws {JetError} BAD_DATASET if the files have different ones */
async function classesOf(flags: EvalFlags): Promise<readonly string[] | undefined> {
  let first: readonly string[] | undefined;
  for (const path of flags.labels) {
    const classes = (await describeFile(path, layoutOf(flags))).jets?.classes;
    if (first && classes && classes.join('\0') !== first.join('\0'))
      throw new JetError(
        'BAD_DATASET',
        `${path}: classes ${classes.join(', ')}, after ${first.join(', ')}; expected the same in the same order`,
        { classes, expected: first },
      );
    first ??= classes;
  }
  return first;
}

/** The result, with a warning where its jets took part in the training. */
function withTrainingWarning(result: EvaluationResult, path: string, { warnings }: SharedFacts): EvaluationResult {
  const own = warnings.filter(({ scores }) => scores === path);
  const more = own.map(({ message }) => ({ code: 'trained-on-these-jets', message }) as const);
  return { ...result, warnings: [...result.warnings, ...more] };
}

/** Column of each file of scores. */
function scoreColumns({ scores, column }: EvalFlags): readonly (string | undefined)[] {
  if (column.length > 1 && column.length !== scores.length)
    throw new JetError(
      'BAD_ARGUMENT',
      `option --column: got ${column.length} for ${scores.length} of --scores; expected one for all, or one for each`,
    );
  return scores.map((_, i) => (column.length === 1 ? column[0] : column[i]));
}

/** @param usual what the column is called, where it is not asked for */
function perJet(
  paths: readonly string[],
  flag: string,
  asked: string | undefined,
  usual: string,
): Promise<Float64Array> {
  return readEach(paths, (path) => inColumn(flag, asked, (column) => readPerJet(path, usual, column)));
}

/** File names without folder and ending, whole paths where these are not unique, and columns where the paths are not. */
function taggerNames(paths: readonly string[], columns: readonly (string | undefined)[]): readonly string[] {
  const short = paths.map((path) => basename(path).replace(/\.[^.]+$/, ''));
  const isUnique = (names: readonly string[], i: number): boolean =>
    names.indexOf(names[i]) === names.lastIndexOf(names[i]);
  const names = paths.map((path, i) =>
    isUnique(short, i) ? short[i] : isUnique(paths, i) ? path : `${short[i]}:${columns[i] ?? ''}`,
  );
  if (new Set(names).size < names.length)
    throw new JetError('BAD_ARGUMENT', `eval: the same scores twice among ${paths.join(', ')}; give each once`);
  return names;
}

function evalReport(
  flags: EvalFlags,
  labels: Uint8Array,
  taggers: readonly NamedScores[],
  { taggers: evaluated, comparisons, results }: EvaluatedTaggers & { readonly results: readonly EvaluationResult[] },
  classes: readonly string[],
): string {
  return report({
    title: taggers.map(({ name }) => name).join(', '),
    summary: `${formatJets(labels.length)} of ${flags.labels.map((path) => basename(path)).join(', ')}.`,
    results,
    comparisons,
    curves: evaluated.map(({ curve }) => curve),
    ...(flags.scoreAxis && { scoreAxis: flags.scoreAxis }),
    scores: taggers.map(({ name, scores }) => ({ name, classes: classValues(labels, scores, classes) })),
    facts: [
      { label: 'Labels', value: flags.labels.join(', ') },
      ...flags.scores.map((value) => ({ label: 'Scores', value })),
      { label: 'Estimator of 1/ε_B', value: flags.estimator },
      { label: 'Jet SDK', value: SDK_VERSION },
    ],
    command: calledAs(),
  });
}
