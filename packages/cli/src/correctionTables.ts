/** @file Figures of corrected jets as text. */
import type { CorrectionPair, CorrectionResult } from '@jetsdk/eval/regression';

const pm = (
  { value, stdErr }: { readonly value: number; readonly stdErr: number },
  digits: number,
  factor = 1,
): string => `${(factor * value).toFixed(digits)} ± ${(factor * stdErr).toFixed(digits)}`;

export const FIGURES_HEAD = ['', 'jets', 'median bias (%)', 'range (%)', '68 % (%)', 'correlation'];

export function figureRows(results: readonly CorrectionResult[], observable: string): string[][] {
  return results.map(({ name, jets, observables }) => {
    const figures = observables.find((one) => one.name === observable)?.figures;
    if (figures === undefined) return [name, String(jets), '–', '–', '–', '–'];
    const { medianBias, iqr, halfWidth68, correlation } = figures;
    return [name, String(jets), pm(medianBias, 2, 100), pm(iqr, 2, 100), pm(halfWidth68, 2, 100), pm(correlation, 4)];
  });
}

export const PAIRS_HEAD = ['first less second', 'jets', 'range (%)', 'z', 'correlation', 'z'];

export function pairRows(pairs: readonly CorrectionPair[], observable: string): string[][] {
  return pairs.flatMap(({ a, b, jets, observables }) =>
    observables
      .filter(({ name }) => name === observable)
      .map(({ differences: { iqr, correlation } }) => [
        `${a} − ${b}`,
        String(jets),
        pm(iqr, 2, 100),
        iqr.z.toFixed(1),
        pm(correlation, 4),
        correlation.z.toFixed(1),
      ]),
  );
}
