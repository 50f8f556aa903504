/** @file DeLong's variance of the AUC, and of the difference of two on the same jets. */
import { JetError } from '@jetsdk/jets';
import {
  type CountedJets,
  type CutClass,
  type CutCounts,
  CutCursor,
  countJets,
  squaresOfFirst,
} from '../core/cutCounts.js';
import { checkOptions, type OptionNames, type Weighted } from '../core/inputs.js';
import { descendingOrder } from '../core/sort.js';
import { normalQuantile, normalTwoSided } from '../core/special.js';
import { aucOf } from '../metrics/auc.js';
import { checkLevel, type Interval, ONE_SIGMA } from './binomial.js';
import { resampled } from './resampled.js';

/** A normal interval around an AUC. */
export interface AucInterval extends Interval {
  /** an end lay outside [0, 1] and was set to it: the normal approximation has run out there */
  readonly clipped: boolean;
}

export interface Delong {
  readonly auc: number;
  /** 0 where the classes are fully separated: then the jets say nothing about the uncertainty */
  readonly stdErr: number;
  readonly interval: AucInterval;
}

/** Of the interval. */
export interface DelongOptions {
  /** confidence level in (0, 1); default one standard deviation */
  readonly level?: number;
}

const OPTIONS: OptionNames<DelongOptions & Weighted> = { level: true, weights: true };

export interface PairedDelong {
  /** AUC of the first less AUC of the second */
  readonly difference: number;
  readonly stdErr: number;
  /** difference / stdErr */
  readonly z: number;
  /** two-sided, in (0, 1]; where it is too small to be written it is the smallest positive float64 */
  readonly pValue: number;
}

/**
 * The AUC with DeLong's standard error: the spread, over the jets of each class, of the fraction of the other class
 * that a jet wins against, ties counting half. With weights the spread is weighted and each class counts (Σw)²/Σw² jets.
 * With weights below 0 error and interval come from a bootstrap of 400 replicates.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite; not modified
 * @throws {JetError} as `cutCounts`; DEGENERATE_METRIC if a class has fewer than two (effective) jets
 * @see DeLong, DeLong, Clarke-Pearson: Biometrics 44 (1988) 837; Sun, Xu: IEEE SPL 21 (2014) 1389
 */
export function delong(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: DelongOptions & Weighted = {},
): Delong {
  return delongOf(countJets('delong', labels, scores, options, OPTIONS), options);
}

/** As `delong`. */
export function delongOf(cuts: CutCounts, options: DelongOptions = {}): Delong {
  checkOptions('delong', options, OPTIONS);
  const { level = ONE_SIGMA } = options;
  checkLevel('delong', level);
  const { ofSignal, ofBackground } = cuts;
  const area = aucOf(cuts);
  if (cuts.negative > 0) {
    const { stdErr, interval } = resampled(cuts, { name: 'auc' }, level);
    return { auc: area, stdErr, interval: { ...interval, clipped: false } };
  }
  const cursor = new CutCursor(cuts);
  let lastSignal = 0;
  let lastBackground = 0;
  let lastSignalSquares = 0;
  let lastBackgroundSquares = 0;
  let overSignal = 0;
  let overBackground = 0;
  while (cursor.next()) {
    const { signal, background } = cursor;
    const signalSquares = squaresOfFirst(ofSignal, cursor.signalJets);
    const backgroundSquares = squaresOfFirst(ofBackground, cursor.backgroundJets);
    const wonBySignal = 1 - (lastBackground + background) / (2 * ofBackground.weight);
    const lostByBackground = (lastSignal + signal) / (2 * ofSignal.weight);
    overSignal += (signalSquares - lastSignalSquares) * (wonBySignal - area) ** 2;
    overBackground += (backgroundSquares - lastBackgroundSquares) * (lostByBackground - area) ** 2;
    lastSignal = signal;
    lastBackground = background;
    lastSignalSquares = signalSquares;
    lastBackgroundSquares = backgroundSquares;
  }
  const total = (of: CutClass): number => squaresOfFirst(of, of.jets);
  const variance =
    meanVariance(overSignal, ofSignal.weight, total(ofSignal), 'signal') +
    meanVariance(overBackground, ofBackground.weight, total(ofBackground), 'background');
  const stdErr = Math.sqrt(variance);
  return { auc: area, stdErr, interval: clippedInterval(area, stdErr, level) };
}

/**
 * DeLong's test of whether two taggers differ in AUC on the same jets. The variance is that of the difference jet by
 * jet, so it cannot come out negative.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param a (n,) scores of the first tagger; not modified
 * @param b (n,) scores of the second
 * @returns z = 0 and pValue = 1 where the two order all pairs alike
 * @throws {JetError} as `delong`; DEGENERATE_METRIC if they differ by the same for every jet, so that no error exists
 */
export function pairedDelong(
  labels: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: Weighted = {},
): PairedDelong {
  return pairedDelongOf(
    placementsOf(countJets('pairedDelong', labels, a, options, { weights: true })),
    placementsOf(countJets('pairedDelong', labels, b, options, { weights: true })),
  );
}

/** What each jet wins: all that the test needs to know of a tagger, computed once for comparisons with many others. */
export interface Placements {
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number> | undefined;
  readonly auc: number;
  /** (n,) the fraction of the other class against which the jet is on the right side, ties counting half */
  readonly won: Float64Array;
}

/**
 * Ranks the jets of one tagger in O(n).
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite; not modified
 * @throws {JetError} as `cutCounts`
 */
export function placements(labels: ArrayLike<number>, scores: ArrayLike<number>, options: Weighted = {}): Placements {
  return placementsOf(countJets('placements', labels, scores, options, { weights: true }));
}

/** As `placements`. */
export function placementsOf(counted: CountedJets): Placements {
  const { jets: n, labels, scores, weights } = counted;
  const { weight: signal } = counted.ofSignal;
  const { weight: background } = counted.ofBackground;
  const weightOf = (jet: number): number => (weights === undefined ? 1 : weights[jet]);
  const order = descendingOrder(scores);
  const won = new Float64Array(n);
  let signalAbove = 0;
  let backgroundAbove = 0;
  let twicePairs = 0;
  for (let start = 0, stop = 0; start < n; start = stop) {
    let signalTied = 0;
    let backgroundTied = 0;
    for (; stop < n && scores[order[stop]] === scores[order[start]]; stop++) {
      if (labels[order[stop]] === 1) signalTied += weightOf(order[stop]);
      else backgroundTied += weightOf(order[stop]);
    }
    const bySignal = 1 - (backgroundAbove + backgroundTied / 2) / background;
    const byBackground = (signalAbove + signalTied / 2) / signal;
    for (let i = start; i < stop; i++) won[order[i]] = labels[order[i]] === 1 ? bySignal : byBackground;
    twicePairs += backgroundTied * (2 * signalAbove + signalTied);
    signalAbove += signalTied;
    backgroundAbove += backgroundTied;
  }
  return { labels, weights, auc: twicePairs / (2 * signal * background), won };
}

/** As `pairedDelong`; both must come from the same labels and weights. */
export function pairedDelongOf(a: Placements, b: Placements): PairedDelong {
  if (a.labels !== b.labels || a.weights !== b.weights)
    throw new JetError(
      'BAD_ARGUMENT',
      'pairedDelong: placements of different jets; expected both from the same labels and weights',
    );
  const difference = a.auc - b.auc;
  const ofA = influences(a);
  const ofB = influences(b);
  return pairedTest(
    difference,
    ofA.map((share, jet) => share - ofB[jet]),
  );
}

/**
 * The share of each jet in the error of an AUC: the variance is the sum of their squares, and shares of several AUCs on
 * the same jets may be added.
 *
 * @returns (n,)
 * @throws {JetError} DEGENERATE_METRIC if a class has fewer than two (effective) jets
 */
export function influences({ labels, weights, auc, won }: Placements): Float64Array {
  const jets = [0, 0];
  const sum = [0, 0];
  const squares = [0, 0];
  let signed = false;
  for (let i = 0; i < labels.length; i++) {
    const w = weights === undefined ? 1 : weights[i];
    jets[labels[i]]++;
    sum[labels[i]] += w;
    squares[labels[i]] += w * w;
    if (w < 0) signed = true;
  }
  // (Σw)²/Σw² counts no jets where weights cancel
  const scale = [0, 1].map((c) =>
    Math.sqrt(
      signed
        ? meanVariance(1, 1, 1 / jets[c], c === 1 ? 'signal' : 'background') / sum[c] ** 2
        : meanVariance(1, sum[c], squares[c], c === 1 ? 'signal' : 'background'),
    ),
  );
  return won.map((fraction, i) => scale[labels[i]] * (weights === undefined ? 1 : weights[i]) * (fraction - auc));
}

/** The test of a difference from the shares of the jets in its error. */
export function pairedTest(difference: number, shares: Float64Array): PairedDelong {
  const stdErr = rootOfSquares(shares);
  // differences of fractions that are equal up to rounding are no spread
  const noise = 4 * Number.EPSILON;
  if (stdErr > noise) {
    const z = difference / stdErr;
    return { difference, stdErr, z, pValue: Math.max(normalTwoSided(z), Number.MIN_VALUE) };
  }
  if (Math.abs(difference) > noise)
    throw new JetError(
      'DEGENERATE_METRIC',
      `pairedDelong: the AUCs differ by ${difference}, by the same for every jet; expected jets that tell how certain that is`,
      { difference },
    );
  return { difference, stdErr: 0, z: 0, pValue: 1 };
}

/** The variance of a weighted mean from the weighted squared deviations, with Bessel's correction. */
function meanVariance(spread: number, weight: number, squares: number, what: string): number {
  const effective = (weight / squares) * weight;
  if (!(effective > 1 + 1e-9))
    throw new JetError(
      'DEGENERATE_METRIC',
      `delong: ${Math.round(effective)} (effective) ${what} jets; expected two or more of each class for a standard error`,
      { class: what, effective },
    );
  return ((spread / weight / weight) * effective) / (effective - 1);
}

/** √Σx² */
export function rootOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/** A normal interval around an AUC, within [0, 1]. */
export function clippedInterval(area: number, stdErr: number, level: number): AucInterval {
  const reach = normalQuantile(level) * stdErr;
  const low = Math.max(0, area - reach);
  const high = Math.min(1, area + reach);
  return { level, low, high, clipped: area - reach < 0 || area + reach > 1 };
}
