/** @file Figures of taggers with a score for each of several classes, as text and as curves. */
import { type ClassScores, type ComparedTaggers, type MultiClass, roc } from '@jetsdk/eval';
import { formatCounted } from '@jetsdk/jets';
import type { RocCurve } from '@jetsdk/plots';
import { comparisonTable } from './resultTables.js';
import { table } from './terminal.js';

/** Points of a drawn curve: finer than a pixel of the plot. */
const CURVE_POINTS = 1500;

/** Each class against the rest. */
export function curvesAgainstRest(
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

/** Figures of all taggers for a terminal, and their paired tests. */
export function classText(results: readonly MultiClass[], comparisons: readonly ComparedTaggers[] = []): string {
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
    `${formatCounted(jets, 'jet')} of ${formatCounted(classes.length, 'class', 'classes')}`,
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
