/** @file Metrics of score files with a column per class, as text, JSON or a report. */
import { basename } from 'node:path';
import { type ClassScores, type MultiClass, multiClass, pairedMultiClass, roc } from '@jetsdk/eval';
import { counted, JetError, SDK_VERSION } from '@jetsdk/jets';
import { readClasses, writeFileAtomically } from '@jetsdk/jets/files';
import { type RocCurve, report, type TaggerComparison } from '@jetsdk/plots';
import { readEach } from '../perJet.js';
import { comparisonTable } from '../resultTables.js';
import { ofScored, type SharedFacts } from '../scoreFacts.js';
import { print, printJson, say, table } from '../terminal.js';
import { type EvalFlags, inColumn } from './evalFlags.js';

/** Points of a drawn curve: finer than a pixel of the plot. */
const CURVE_POINTS = 1500;

/** Scores (n, k) of one tagger; row i is jet i. */
export interface NamedClassScores {
  readonly name: string;
  readonly scores: ClassScores;
}

export async function evaluateClasses(
  flags: EvalFlags,
  taggers: readonly NamedClassScores[],
  weights: ArrayLike<number> | undefined,
  facts: SharedFacts,
): Promise<void> {
  if (flags.mass !== undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      'eval: --mass with scores of several classes; leave it out: it is for two classes',
    );
  const all = await readEach(flags.labels, (path) =>
    inColumn('label-column', flags.labelColumn, (column) => readClasses(path, column)),
  );
  const labels = ofScored(all, facts);
  const options = { weights, classes: flags.classes };
  const results = taggers.map(({ name, scores }) =>
    multiClass(labels, scores, {
      ...options,
      name,
      signalEfficiencies: flags.signalEfficiency,
      estimator: flags.estimator,
    }),
  );
  const comparisons = taggers.flatMap((a, i) =>
    taggers
      .slice(i + 1)
      .map(
        (b): TaggerComparison => ({ a: a.name, b: b.name, ...pairedMultiClass(labels, a.scores, b.scores, options) }),
      ),
  );
  if (flags.report !== undefined) {
    const page = report({
      title: taggers.map(({ name }) => name).join(', '),
      summary: `${counted(labels.length, 'jet')} of ${counted(results[0].classes.length, 'class', 'classes')} of ${flags.labels.map((path) => basename(path)).join(', ')}.`,
      classResults: results,
      comparisons,
      warnings: facts.warnings.map(({ message }) => ({ code: 'trained-on-these-jets', message })),
      curves: curvesOf(labels, taggers[0].scores, results[0], weights),
      facts: [
        { label: 'Labels', value: flags.labels.join(', ') },
        ...flags.scores.map((value) => ({ label: 'Scores', value })),
        { label: 'Curves', value: `${taggers[0].name}, each class against the rest` },
        { label: 'Estimator of 1/ε_B', value: flags.estimator },
        { label: 'Jet SDK', value: SDK_VERSION },
      ],
    });
    await writeFileAtomically(flags.report, page);
    say(`report: ${flags.report}`);
  }
  if (flags.json) printJson({ results, comparisons });
  else print(classText(results, comparisons));
  for (const { scores, message } of facts.warnings) say(`warning: ${scores}: ${message}`);
}

/** Each class against the rest. */
function curvesOf(
  labels: ArrayLike<number>,
  { data }: ClassScores,
  { classes, oneVsRest }: MultiClass,
  weights: ArrayLike<number> | undefined,
): RocCurve[] {
  return oneVsRest.map(({ class: one, auc }) => {
    const is = Uint8Array.from({ length: labels.length }, (_, i) => (labels[i] === one ? 1 : 0));
    const column = Float64Array.from(is, (_, i) => data[i * classes.length + one]);
    return { name: classes[one], auc, ...roc(is, column, { points: CURVE_POINTS, weights }) };
  });
}

/** Figures of all taggers for a terminal. */
function classText(results: readonly MultiClass[], comparisons: readonly TaggerComparison[]): string {
  const [{ jets, classes }] = results;
  const number = (value: number): string => value.toFixed(4);
  const auc = (of: { readonly auc: number; readonly stdErr: number }): string =>
    `${number(of.auc)} ± ${number(of.stdErr)}`;
  const means = results.map(({ name, macroOneVsRest, macroOneVsOne, confusion }) => [
    name,
    auc(macroOneVsRest),
    auc(macroOneVsOne),
    number(confusion.accuracy.value),
    number(confusion.balancedAccuracy),
  ]);
  return [
    `${counted(jets, 'jet')} of ${counted(classes.length, 'class', 'classes')}`,
    table(['tagger', 'AUC against the rest', 'AUC in pairs', 'accuracy', 'balanced accuracy'], means),
    ...results.flatMap(({ name, oneVsRest, oneVsOne, confusion }) => {
      const efficiencies = [...new Set(oneVsOne.flatMap(({ rejection }) => rejection.map((r) => r.signalEfficiency)))];
      const rows = oneVsRest.map((one) => [
        classes[one.class],
        String(one.jets),
        auc(one),
        ...classes.map((_, as) => `${(100 * confusion.shares[one.class * classes.length + as].value).toFixed(1)}`),
      ]);
      const pairs = oneVsOne.map((pair) => [
        `${classes[pair.signal]} against ${classes[pair.background]}`,
        auc(pair),
        ...efficiencies.map((at) => {
          const found = pair.rejection.find((r) => r.signalEfficiency === at);
          if (found === undefined) return '–';
          const { rejection, interval } = found;
          const digits = rejection < 100 ? 1 : 0;
          return `${rejection.toFixed(digits)} [${interval.low.toFixed(digits)}, ${interval.high.toFixed(digits)}]`;
        }),
      ]);
      return [
        `${name}: each class against the rest, and what its jets are taken for`,
        table(['class', 'jets', 'AUC', ...classes.map((as) => `% as ${as}`)], rows),
        `${name}: pairs of classes`,
        table(['signal against background', 'AUC', ...efficiencies.map((e) => `1/ε_B at ε_S=${e}`)], pairs),
      ];
    }),
    ...(comparisons.length === 0 ? [] : ['AUC against the rest, mean over the classes', comparisonTable(comparisons)]),
  ].join('\n\n');
}
