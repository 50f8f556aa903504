/** @file How well a quantity is predicted: bias, resolution and correlation, with bootstrap errors. */
import { JetError, random } from '@jetsdk/jets';
import { checkArray, checkFinite, checkOptions, type OptionNames } from '../core/inputs.js';
import { normalTwoSided } from '../core/special.js';
import { checkLevel, type Interval, ONE_SIGMA } from '../uncertainty/binomial.js';
import { quantile } from '../uncertainty/quantile.js';

/** A figure with the spread and the central interval of its bootstrap. */
export interface Estimate {
  readonly value: number;
  readonly stdErr: number;
  readonly interval: Interval;
}

/** Which figures there are. */
export type RegressionFigure = 'medianBias' | 'meanBias' | 'iqr' | 'halfWidth68' | 'correlation';

/** Of the deviations of the predictions from the truth, in the units of `deviation`. */
export type Regression = Readonly<Record<RegressionFigure, Estimate>> & { readonly jets: number };

export interface RegressionOptions {
  /**
   * `difference`: predicted − true; `relative` (default): (predicted − true) / true, for which every true value must be above 0
   */
  readonly deviation?: 'difference' | 'relative';
  /** default 200, at least 2 */
  readonly replicates?: number;
  /** default 1 */
  readonly seed?: number;
  /** in (0, 1); default one standard deviation */
  readonly level?: number;
}

const OPTIONS: OptionNames<RegressionOptions> = { deviation: true, replicates: true, seed: true, level: true };

/**
 * Bias (median and mean deviation), resolution (interquartile range, half of the central 68.27 %) and linear correlation of
 * predictions with the truth.
 *
 * @param truth (n,) finite; not modified
 * @param predicted (n,) finite; not modified
 * @throws {JetError} BAD_ARGUMENT for what is no array; SHAPE_MISMATCH; NOT_FINITE; OUT_OF_RANGE, also for a true value of 0 or
 *   less where deviations are relative; DEGENERATE_METRIC for fewer than two jets, or where truth or predictions do not vary
 */
export function regression(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  options: RegressionOptions = {},
): Regression {
  const jets = checkJets('regression', truth, predicted, options, OPTIONS);
  const draw = drawer(truth.length, options);
  const rows = Uint32Array.from({ length: truth.length }, (_, i) => i);
  const value = figuresOf(jets, rows);
  const replicates = draw.map((picked) => figuresOf(jets, picked));
  const { level = ONE_SIGMA } = options;
  const of = (figure: RegressionFigure): Estimate =>
    estimate(
      value[figure],
      replicates.map((replicate) => replicate[figure]),
      level,
    );
  return { jets: truth.length, ...byFigure(of) };
}

/** A bin of a quantity, and the figures of its jets where it has two or more that vary. */
export interface RegressionBin {
  /** low ≤ quantity < high */
  readonly low: number;
  readonly high: number;
  readonly jets: number;
  /** of the quantity; undefined without a jet */
  readonly mean?: number;
  readonly figures?: Regression;
  /** why there are none */
  readonly reason?: string;
}

/**
 * The figures in bins of a third quantity: true pT, the number of pile-up vertices.
 *
 * @param truth (n,) @param predicted (n,), finite; not modified
 * @param options.by (n,) finite @param options.edges two or more, rising
 * @throws {JetError} as `regression`; BAD_ARGUMENT if the edges do not rise
 */
export function regressionInBins(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  options: RegressionOptions & { readonly by: ArrayLike<number>; readonly edges: readonly number[] },
): RegressionBin[] {
  checkJets('regressionInBins', truth, predicted, options, { ...OPTIONS, by: true, edges: true });
  const { by, edges, ...rest } = options;
  checkColumnOf('regressionInBins', 'by', by, truth.length);
  if (edges.length < 2 || edges.some((edge, i) => !Number.isFinite(edge) || (i > 0 && !(edge > edges[i - 1]))))
    throw new JetError(
      'BAD_ARGUMENT',
      `regressionInBins: edges ${edges.join(', ')}; expected two or more, finite, rising`,
      {
        edges,
      },
    );
  return edges.slice(1).map((high, bin) => {
    const low = edges[bin];
    const rows = Array.from({ length: truth.length }, (_, i) => i).filter((i) => by[i] >= low && by[i] < high);
    const part = (of: ArrayLike<number>): number[] => rows.map((i) => of[i]);
    const mean = rows.length === 0 ? undefined : rows.reduce((sum, i) => sum + by[i], 0) / rows.length;
    const own = { low, high, jets: rows.length, ...(mean !== undefined && { mean }) };
    const problem = degenerate(part(truth), part(predicted));
    return problem === undefined
      ? { ...own, figures: regression(part(truth), part(predicted), rest) }
      : { ...own, reason: problem };
  });
}

/** One figure of two predictions on the same jets. */
export interface PairedEstimate extends Estimate {
  /** value / stdErr; 0 where both are 0 */
  readonly z: number;
  /** two-sided */
  readonly pValue: number;
}

/**
 * The differences of all figures of two predictions, first less second, with the error of the difference: both are taken on the
 * same draws.
 *
 * @param truth (n,) @param a (n,) @param b (n,), finite; not modified
 * @throws {JetError} as `regression`
 */
export function pairedRegression(
  truth: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: RegressionOptions = {},
): Readonly<Record<RegressionFigure, PairedEstimate>> {
  const [ofA, ofB] = [a, b].map((predicted) => checkJets('pairedRegression', truth, predicted, options, OPTIONS));
  const rows = Uint32Array.from({ length: truth.length }, (_, i) => i);
  const [valueA, valueB] = [figuresOf(ofA, rows), figuresOf(ofB, rows)];
  const replicates = drawer(truth.length, options).map((picked) => [figuresOf(ofA, picked), figuresOf(ofB, picked)]);
  const { level = ONE_SIGMA } = options;
  return byFigure((figure) => {
    const difference = estimate(
      valueA[figure] - valueB[figure],
      replicates.map(([x, y]) => x[figure] - y[figure]),
      level,
    );
    const z = difference.value === 0 ? 0 : difference.value / difference.stdErr;
    return { ...difference, z, pValue: Number.isFinite(z) ? normalTwoSided(z) : Number.MIN_VALUE };
  });
}

interface Deviations {
  readonly truth: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  /** (n,) */
  readonly deviation: Float64Array;
  /** (n,) row numbers by rising deviation */
  readonly order: Uint32Array;
}

type Figures = Readonly<Record<RegressionFigure, number>>;

function byFigure<T>(of: (figure: RegressionFigure) => T): Readonly<Record<RegressionFigure, T>> {
  return {
    medianBias: of('medianBias'),
    meanBias: of('meanBias'),
    iqr: of('iqr'),
    halfWidth68: of('halfWidth68'),
    correlation: of('correlation'),
  };
}

function checkColumnOf(where: string, what: string, values: ArrayLike<number>, jets: number): void {
  checkArray(where, what, values);
  if (values.length !== jets)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: ${values.length} of ${what} for ${jets} jets; expected one of each`,
      {
        jets,
        [what]: values.length,
      },
    );
  checkFinite(where, what, values);
}

function checkJets<O extends RegressionOptions>(
  where: string,
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  options: O,
  names: OptionNames<O>,
): Deviations {
  checkOptions(where, options, names);
  checkArray(where, 'truth', truth);
  checkColumnOf(where, 'truth', truth, truth.length);
  checkColumnOf(where, 'predicted', predicted, truth.length);
  const { deviation = 'relative', replicates = 200, level = ONE_SIGMA } = options;
  checkLevel(where, level);
  if (!Number.isInteger(replicates) || replicates < 2)
    throw new JetError('OUT_OF_RANGE', `${where}: ${replicates} replicates; expected 2 or more`, { replicates });
  const problem = degenerate(truth, predicted);
  if (problem !== undefined) throw new JetError('DEGENERATE_METRIC', `${where}: ${problem}`, { jets: truth.length });
  const relative = deviation === 'relative';
  const deviations = Float64Array.from({ length: truth.length }, (_, i) => {
    if (relative && !(truth[i] > 0))
      throw new JetError(
        'OUT_OF_RANGE',
        `${where}: truth ${i} is ${truth[i]}; expected more than 0 for relative deviations; use deviation: 'difference'`,
        { index: i, value: truth[i] },
      );
    return (predicted[i] - truth[i]) / (relative ? truth[i] : 1);
  });
  const order = Uint32Array.from({ length: truth.length }, (_, i) => i).sort((a, b) => deviations[a] - deviations[b]);
  return { truth, predicted, deviation: deviations, order };
}

function degenerate(truth: ArrayLike<number>, predicted: ArrayLike<number>): string | undefined {
  const varies = (of: ArrayLike<number>): boolean => {
    for (let i = 1; i < of.length; i++) if (of[i] !== of[0]) return true;
    return false;
  };
  if (truth.length < 2) return `${truth.length} jets; expected two or more`;
  if (!varies(truth)) return `the truth of ${truth.length} jets does not vary; expected values that do`;
  return varies(predicted) ? undefined : `the predictions of ${truth.length} jets do not vary; expected values that do`;
}

/** Row numbers of each replicate. */
function drawer(jets: number, { replicates = 200, seed = 1 }: RegressionOptions): Uint32Array[] {
  const { uniform } = random(seed);
  return Array.from({ length: replicates }, () =>
    Uint32Array.from({ length: jets }, () => Math.floor(uniform() * jets)),
  );
}

const HALF_68 = 0.15865525393145705;

/** @param rows each as often as it was drawn */
function figuresOf({ truth, predicted, deviation, order }: Deviations, rows: Uint32Array): Figures {
  const n = rows.length;
  const times = new Uint32Array(n);
  for (const row of rows) times[row]++;
  const sorted = new Float64Array(n);
  let at = 0;
  for (const row of order) for (let k = 0; k < times[row]; k++) sorted[at++] = deviation[row];
  let [sumT, sumP, sumD] = [0, 0, 0];
  for (const row of rows) {
    sumT += truth[row];
    sumP += predicted[row];
    sumD += deviation[row];
  }
  let [tt, pp, tp] = [0, 0, 0];
  for (const row of rows) {
    const t = truth[row] - sumT / n;
    const p = predicted[row] - sumP / n;
    tt += t * t;
    pp += p * p;
    tp += t * p;
  }
  return {
    medianBias: quantile(sorted, 0.5),
    meanBias: sumD / n,
    iqr: quantile(sorted, 0.75) - quantile(sorted, 0.25),
    halfWidth68: (quantile(sorted, 1 - HALF_68) - quantile(sorted, HALF_68)) / 2,
    // of very few jets a draw may hold one of them only
    correlation: tt === 0 || pp === 0 ? 0 : tp / Math.sqrt(tt * pp),
  };
}

function estimate(value: number, replicates: readonly number[], level: number): Estimate {
  const sorted = Float64Array.from(replicates).sort();
  const mean = sorted.reduce((sum, v) => sum + v / sorted.length, 0);
  const squares = sorted.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  const tail = (1 - level) / 2;
  return {
    value,
    stdErr: Math.sqrt(squares / (sorted.length - 1)),
    interval: { level, low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) },
  };
}
