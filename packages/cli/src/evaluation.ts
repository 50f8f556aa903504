/** @file What `eval` and `demo` both do: several taggers on the same jets, as numbers, as text, as pictures. */
import { type EvaluateOptions, type EvaluationResult, evaluate, pairedDelong, roc, type Weighted } from '@jetsdk/eval';
import type { ClassValues, RocCurve, TaggerComparison } from '@jetsdk/plots';
import { table } from './terminal.js';

/** Scores of one tagger; row i is jet i. */
export interface NamedScores {
  readonly name: string;
  readonly scores: ArrayLike<number>;
}

export interface Evaluation {
  readonly results: readonly EvaluationResult[];
  /** each pair of taggers */
  readonly comparisons: readonly TaggerComparison[];
}

/** Points of a drawn curve: finer than a pixel of the plot. */
export const CURVE_POINTS = 1500;

/** @throws {JetError} as `evaluate`, with the name of the tagger in the message */
export function evaluateAll(
  labels: Uint8Array,
  taggers: readonly NamedScores[],
  options: Omit<EvaluateOptions, 'name'> & Weighted,
): Evaluation {
  const results = taggers.map(({ name, scores }) => evaluate(labels, scores, { ...options, name }));
  const comparisons = taggers.flatMap((a, i) =>
    taggers.slice(i + 1).map((b) => ({
      a: a.name,
      b: b.name,
      ...pairedDelong(labels, a.scores, b.scores, options),
    })),
  );
  return { results, comparisons };
}

/** The curves of all taggers, thinned for a plot. */
export function rocCurves(
  labels: Uint8Array,
  taggers: readonly NamedScores[],
  weights?: ArrayLike<number>,
): RocCurve[] {
  return taggers.map(({ name, scores }) => {
    const { signalEfficiency, backgroundEfficiency } = roc(labels, scores, { points: CURVE_POINTS, weights });
    return { name, signalEfficiency, backgroundEfficiency };
  });
}

/** Values of each class, background first. */
export function byClass(
  labels: Uint8Array,
  values: ArrayLike<number>,
  [background, signal]: readonly string[],
): readonly [ClassValues, ClassValues] {
  const of = (label: number): number[] => Array.from(values).filter((_, i) => labels[i] === label);
  return [
    { name: background ?? 'background', values: of(0) },
    { name: signal ?? 'signal', values: of(1) },
  ];
}

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
      return `${rejection.toFixed(digits)} [${interval.low.toFixed(digits)}, ${interval.high.toFixed(digits)}] k=${falsePositives}`;
    }),
  ]);
  return table(['tagger', 'AUC', 'accuracy', ...efficiencies.map((e) => `1/ε_B at ε_S=${e}`)], rows);
}

/** Paired tests for a terminal. */
export function comparisonTable(comparisons: readonly TaggerComparison[]): string {
  const rows = comparisons.map(({ a, b, difference, stdErr, z, pValue }) => [
    `${a} − ${b}`,
    `${difference.toFixed(4)} ± ${stdErr.toFixed(4)}`,
    z.toFixed(1),
    pValue < 1e-4 ? pValue.toExponential(0) : pValue.toFixed(4),
  ]);
  return table(['difference of', 'AUC', 'z', 'p'], rows);
}
