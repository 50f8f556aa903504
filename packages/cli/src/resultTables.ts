/** @file Figures of taggers as text for a terminal. */
import type { ComparedTaggers, EvaluationResult } from '@jetsdk/eval';
import { formatCount } from '@jetsdk/jets';
import { table } from './terminal.js';

/** Figures of all taggers for a terminal. */
export function resultTable(results: readonly EvaluationResult[]): string {
  const efficiencies = [...new Set(results.flatMap(({ rejection }) => rejection.map((r) => r.signalEfficiency)))];
  const rows = results.map((result) => [
    result.name,
    `${result.auc.toFixed(4)} ± ${result.aucStdErr.toFixed(4)}`,
    result.accuracy.toFixed(4),
    ...efficiencies.map((efficiency) => {
      const at = result.rejection.find((r) => r.signalEfficiency === efficiency);
      if (at === undefined) return '–';
      const { rejection, interval, falsePositives } = at;
      const digits = rejection < 100 ? 1 : 0;
      return `${rejection.toFixed(digits)} [${interval.low.toFixed(digits)}, ${interval.high.toFixed(digits)}] k=${formatCount(falsePositives)}`;
    }),
  ]);
  return table(['tagger', 'AUC', 'accuracy', ...efficiencies.map((e) => `1/ε_B at ε_S=${e}`)], rows);
}

/** Paired tests for a terminal. */
export function comparisonTable(comparisons: readonly ComparedTaggers[]): string {
  const rows = comparisons.map(({ a, b, difference, stdErr, z, pValue }) => [
    `${a} − ${b}`,
    `${difference.toFixed(4)} ± ${stdErr.toFixed(4)}`,
    z.toFixed(1),
    pValue < 1e-4 ? pValue.toExponential(0) : pValue.toFixed(4),
  ]);
  return table(['difference of', 'AUC', 'z', 'p'], rows);
}
