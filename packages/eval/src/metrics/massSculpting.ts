/** @file Whether a tagger makes the background look like signal in mass. */
import { isJetError, JetError } from '@jetsdk/jets';
import { type CountedJets, countJets } from '../core/cutCounts.js';
import { checkColumn, checkOptions, checkRange, type OptionNames, type Weighted } from '../core/inputs.js';
import {
  type BackgroundRejection,
  backgroundRejection,
  type RejectionOptions,
  workingPoint,
} from './backgroundRejection.js';

export interface MassSculptingOptions {
  /** (n,) GeV, finite; not modified */
  readonly mass: ArrayLike<number>;
  /** default 0.5 */
  readonly signalEfficiency?: number;
  /** GeV; default [50, 300]; jets outside are left out */
  readonly range?: readonly [low: number, high: number];
  /** GeV; default 5; divides the range */
  readonly binWidth?: number;
}

const SCULPTING_OPTIONS: OptionNames<MassSculptingOptions & Weighted> = {
  mass: true,
  signalEfficiency: true,
  range: true,
  binWidth: true,
  weights: true,
};

export interface MassSculpting {
  readonly signalEfficiency: number;
  /** the cut: the first that keeps at least the signal efficiency */
  readonly threshold: number;
  /** Jensen–Shannon divergence in bits, in (0, 1] */
  readonly jsd: number;
  /** 1/jsd: large for a tagger that leaves the mass alone */
  readonly inverseJsd: number;
  /** the jsd that a tagger without any sculpting would have from the number of jets alone, to leading order */
  readonly jsdOfChance: number;
  /** (bins + 1,) GeV */
  readonly edges: readonly number[];
  /** (bins,) background that passes and fails, each with sum 1 */
  readonly passing: readonly number[];
  readonly failing: readonly number[];
}

/**
 * The Jensen–Shannon divergence (base 2) between the masses of the background that passes and that fails a cut.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite; not modified
 * @throws {JetError} as `cutCounts`; BAD_ARGUMENT if the bins do not divide the range; DEGENERATE_METRIC if inside the range
 *   no background passes, or none fails, or both have the same histogram
 * @see ATL-PHYS-PUB-2018-014
 */
export function massSculpting(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: MassSculptingOptions & Weighted,
): MassSculpting {
  return massSculptingOf(countJets('massSculpting', labels, scores, options, SCULPTING_OPTIONS), options);
}

/** As `massSculpting`. */
export function massSculptingOf(counted: CountedJets, options: MassSculptingOptions): MassSculpting {
  checkOptions('massSculpting', options, SCULPTING_OPTIONS);
  const { mass, signalEfficiency = 0.5, range = [50, 300], binWidth = 5 } = options;
  const { labels, scores, weights } = counted;
  checkColumn('massSculpting', counted.jets, ['mass', 'masses'], mass);
  const [low, high] = range;
  const bins = Math.round((high - low) / binWidth);
  if (!(bins >= 1 && Math.abs(bins * binWidth - (high - low)) < 1e-9 * (high - low)))
    throw new JetError(
      'BAD_ARGUMENT',
      `massSculpting: bins of ${binWidth} GeV from ${low} to ${high} GeV; expected a whole number of bins`,
      { low, high, binWidth },
    );
  const { threshold } = workingPoint(counted, signalEfficiency, 'conservative');
  const passing = { sum: 0, squares: 0, bins: new Float64Array(bins) };
  const failing = { sum: 0, squares: 0, bins: new Float64Array(bins) };
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 1 || mass[i] < low || mass[i] >= high) continue;
    const side = scores[i] >= threshold ? passing : failing;
    const w = weights === undefined ? 1 : weights[i];
    side.bins[Math.min(bins - 1, Math.floor((mass[i] - low) / binWidth))] += w;
    side.sum += w;
    side.squares += w * w;
  }
  if (!(passing.sum > 0 && failing.sum > 0))
    throw new JetError(
      'DEGENERATE_METRIC',
      `massSculpting: weight ${passing.sum} of background passes and ${failing.sum} fails between ${low} and ${high} GeV; ` +
        'expected both above 0; use more jets or another signal efficiency',
      { passing: passing.sum, failing: failing.sum, low, high },
    );
  const negative = passing.bins.findIndex((weight, b) => weight < 0 || failing.bins[b] < 0);
  if (negative >= 0)
    throw new JetError(
      'DEGENERATE_METRIC',
      `massSculpting: the weights in the bin from ${low + negative * binWidth} GeV sum to less than 0; expected 0 or more in every bin; use wider bins`,
      { bin: negative },
    );
  const p = Array.from(passing.bins, (x) => x / passing.sum);
  const q = Array.from(failing.bins, (x) => x / failing.sum);
  let jsd = 0;
  let occupied = 0;
  for (let b = 0; b < bins; b++) {
    const middle = (p[b] + q[b]) / 2;
    if (middle > 0) occupied++;
    if (p[b] > 0) jsd += (p[b] / 2) * Math.log2(p[b] / middle);
    if (q[b] > 0) jsd += (q[b] / 2) * Math.log2(q[b] / middle);
  }
  // differences of histograms that are equal up to rounding square to less than this
  if (jsd < 1e-15)
    throw new JetError(
      'DEGENERATE_METRIC',
      `massSculpting: passing and failing background have the same mass histogram in ${bins} bins; 1/JSD has no value`,
      { bins },
    );
  const perJet = passing.squares / passing.sum ** 2 + failing.squares / failing.sum ** 2;
  return {
    signalEfficiency,
    threshold,
    jsd,
    inverseJsd: 1 / jsd,
    jsdOfChance: ((occupied - 1) * perJet) / (8 * Math.LN2),
    edges: Array.from({ length: bins + 1 }, (_, b) => low + b * binWidth),
    passing: p,
    failing: q,
  };
}

/** The jets with low ≤ mass < high, in GeV. */
export interface MassBin {
  readonly low: number;
  readonly high: number;
  readonly signal: number;
  readonly background: number;
  /** at this bin's own threshold; absent where it is not defined */
  readonly rejection?: BackgroundRejection;
  /** why it is absent */
  readonly reason?: string;
}

/** As of a rejection, in bins of mass. */
export interface MassBinnedOptions extends Omit<RejectionOptions, 'signalEfficiency'> {
  /** (n,) GeV, finite; not modified */
  readonly mass: ArrayLike<number>;
  /** two or more rising masses in GeV */
  readonly edges: readonly number[];
  /** ε_S in (0, 1]; default 0.5 */
  readonly signalEfficiency?: number;
}

const BINNED_OPTIONS: OptionNames<MassBinnedOptions & Weighted> = {
  mass: true,
  edges: true,
  signalEfficiency: true,
  estimator: true,
  level: true,
  interval: true,
  weights: true,
};

/**
 * Background rejection at a signal efficiency in bins of mass, each bin with its own threshold.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite; not modified
 * @throws {JetError} as `cutCounts`; OUT_OF_RANGE as `backgroundRejection`; BAD_ARGUMENT if the edges do not rise
 */
export function massBinnedRejection(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: MassBinnedOptions & Weighted,
): MassBin[] {
  return massBinnedRejectionOf(countJets('massBinnedRejection', labels, scores, options, BINNED_OPTIONS), options);
}

/** As `massBinnedRejection`. */
export function massBinnedRejectionOf(counted: CountedJets, options: MassBinnedOptions): MassBin[] {
  checkOptions('massBinnedRejection', options, BINNED_OPTIONS);
  const { mass, edges, signalEfficiency = 0.5, ...rest } = options;
  const { labels, scores, weights } = counted;
  checkColumn('massBinnedRejection', counted.jets, ['mass', 'masses'], mass);
  checkRange('massBinnedRejection', 'signal efficiency', signalEfficiency, 0, 1, true);
  if (edges.length < 2 || edges.some((edge, i) => !Number.isFinite(edge) || (i > 0 && !(edge > edges[i - 1]))))
    throw new JetError(
      'BAD_ARGUMENT',
      `massBinnedRejection: edges ${edges.join(', ')}; expected two or more finite, rising masses in GeV`,
      { edges },
    );
  return edges.slice(1).map((high, b) => {
    const low = edges[b];
    const jets: number[] = [];
    for (let i = 0; i < mass.length; i++) if (mass[i] >= low && mass[i] < high) jets.push(i);
    const pick = (values: ArrayLike<number>): Float64Array => Float64Array.from(jets, (i) => values[i]);
    const signal = jets.reduce((sum, i) => sum + labels[i], 0);
    const bin = { low, high, signal, background: jets.length - signal };
    try {
      const rejection = backgroundRejection(pick(labels), pick(scores), {
        ...rest,
        signalEfficiency,
        weights: weights && pick(weights),
      });
      return { ...bin, rejection };
    } catch (error) {
      if (!isJetError(error, 'DEGENERATE_METRIC')) throw error;
      return { ...bin, reason: error.message };
    }
  });
}
