/** @file Several ways of correcting the same jets: each by itself, in bins, and two at a time. */
import { JetError } from '@jetsdk/jets';
import { checkArray, checkFinite } from '../core/inputs.js';
import {
  type PairedEstimate,
  pairedRegression,
  type Regression,
  type RegressionBin,
  type RegressionFigure,
  type RegressionOptions,
  regression,
  regressionInBins,
} from './regression.js';

/** A quantity of the true jets, and what each way of correcting makes of it. */
export interface CorrectedObservable {
  /** pT, mass */
  readonly name: string;
  /** (n,) above 0 */
  readonly truth: ArrayLike<number>;
  /** (n,) each, in the order of the ways */
  readonly predicted: readonly ArrayLike<number>[];
}

/** A way of correcting jets. */
export interface CorrectionWay {
  readonly name: string;
  /** (n,) 0 or less where it found no jet; default: all are found */
  readonly found?: ArrayLike<number>;
}

/** A quantity to see the figures in bins of. */
export interface CorrectionBins {
  readonly name: string;
  /** (n,) */
  readonly values: ArrayLike<number>;
  /** two or more, rising */
  readonly edges: readonly number[];
}

/** What one way is worth. */
export interface CorrectionResult {
  readonly name: string;
  /** that it found */
  readonly jets: number;
  readonly observables: readonly {
    readonly name: string;
    readonly figures: Regression;
    readonly bins: readonly { readonly by: string; readonly bins: readonly RegressionBin[] }[];
  }[];
}

/** First less second on the jets that both found, with the errors of the differences. */
export interface CorrectionPair {
  readonly a: string;
  readonly b: string;
  readonly jets: number;
  readonly observables: readonly {
    readonly name: string;
    readonly differences: Readonly<Record<RegressionFigure, PairedEstimate>>;
  }[];
}

/**
 * Figures of each way of correcting, and the differences of every two.
 *
 * @param ways in order @param observables of the same jets; not modified
 * @param options as of `regression`; `bins` are quantities to see the figures in bins of
 * @throws {JetError} as `regression`; SHAPE_MISMATCH unless there is a prediction of every way; BAD_ARGUMENT without a way or an
 *   observable, or for a name that is there twice
 */
export function compareCorrections(
  ways: readonly CorrectionWay[],
  observables: readonly CorrectedObservable[],
  { bins = [], ...options }: RegressionOptions & { readonly bins?: readonly CorrectionBins[] } = {},
): { readonly results: readonly CorrectionResult[]; readonly pairs: readonly CorrectionPair[] } {
  const names = ways.map(({ name }) => name);
  if (ways.length === 0 || observables.length === 0 || new Set(names).size < names.length)
    throw new JetError(
      'BAD_ARGUMENT',
      `compareCorrections: ways ${names.join(', ') || 'none'}, ${observables.length} observables; expected one or more of each, every name once`,
      { names },
    );
  const [{ truth }] = observables;
  for (const { name, predicted } of observables)
    if (predicted.length !== ways.length)
      throw new JetError(
        'SHAPE_MISMATCH',
        `compareCorrections: ${predicted.length} predictions of ${name}; expected one of each of ${ways.length} ways`,
        { predictions: predicted.length, ways: ways.length },
      );
  const found = ways.map(({ name, found: at }) => foundMask(name, at, truth.length));
  const results = ways.map(({ name }, way): CorrectionResult => {
    const rows = rowsOf(truth.length, (i) => found[way][i] === 1);
    return {
      name,
      jets: rows.length,
      observables: observables.map((one) => {
        const [t, p] = [take(one.truth, rows), take(one.predicted[way], rows)];
        return {
          name: one.name,
          figures: regression(t, p, options),
          bins: bins.map(({ name: by, values, edges }) => ({
            by,
            bins: regressionInBins(t, p, { ...options, by: take(values, rows), edges }),
          })),
        };
      }),
    };
  });
  const pairs = ways.flatMap(({ name: a }, i) =>
    ways.slice(i + 1).map(({ name: b }, k): CorrectionPair => {
      const rows = rowsOf(truth.length, (row) => found[i][row] === 1 && found[i + 1 + k][row] === 1);
      return {
        a,
        b,
        jets: rows.length,
        observables: observables.map((one) => ({
          name: one.name,
          differences: pairedRegression(
            take(one.truth, rows),
            take(one.predicted[i], rows),
            take(one.predicted[i + 1 + k], rows),
            options,
          ),
        })),
      };
    }),
  );
  return { results, pairs };
}

/**
 * Edges of bins: around each value where there are few different ones, else with as many jets in each.
 *
 * @param values finite; not modified
 * @throws {JetError} NOT_FINITE; BAD_ARGUMENT without a value
 */
export function binEdges(values: ArrayLike<number>, bins = 6): number[] {
  checkArray('binEdges', 'values', values);
  checkFinite('binEdges', 'values', values);
  if (values.length === 0) throw new JetError('BAD_ARGUMENT', 'binEdges: 0 values; expected some');
  const sorted = Float64Array.from(values).sort();
  const different = [...new Set(sorted)];
  if (different.length <= bins) {
    const between = different.slice(1).map((value, i) => (value + different[i]) / 2);
    return [different[0] - 0.5, ...between, different[different.length - 1] + 0.5];
  }
  const inner = Array.from({ length: bins - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)]);
  const last = sorted[sorted.length - 1];
  return [...new Set([sorted[0], ...inner, last + Math.max(1, Math.abs(last)) * 2 ** -40])];
}

function foundMask(name: string, found: ArrayLike<number> | undefined, jets: number): Uint8Array {
  if (found === undefined) return new Uint8Array(jets).fill(1);
  checkArray('compareCorrections', `jets found by ${name}`, found);
  if (found.length !== jets)
    throw new JetError(
      'SHAPE_MISMATCH',
      `compareCorrections: ${found.length} jets of ${name}, ${jets} true ones; expected as many`,
      { name, jets },
    );
  return Uint8Array.from(found, (value) => (value > 0 ? 1 : 0));
}

function rowsOf(jets: number, keep: (row: number) => boolean): Uint32Array {
  return Uint32Array.from({ length: jets }, (_, i) => i).filter(keep);
}

function take(values: ArrayLike<number>, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]);
}
