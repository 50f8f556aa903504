/** @file Background rejection 1/ε_B at a signal efficiency ε_S. */
import { counted, JetError } from '@jetsdk/jets';
import { type CutCounts, CutCursor, countJets, passing, squaresOfFirst, weightOfFirst } from '../core/cutCounts.js';
import type { RejectionEstimator } from '../core/estimator.js';
import { checkOptions, checkRange, type OptionNames, type Weighted } from '../core/inputs.js';
import { checkLevel, clopperPearson, type Interval, ONE_SIGMA, poissonInterval } from '../uncertainty/binomial.js';
import { resampled } from '../uncertainty/resampled.js';

export interface RejectionOptions {
  /** ε_S in (0, 1] */
  readonly signalEfficiency: number;
  /** default `interpolated` */
  readonly estimator?: RejectionEstimator;
  /** confidence level of the interval, in (0, 1); default one standard deviation */
  readonly level?: number;
  /** whether k is taken as binomial (the default) or as Poisson, as where the number of background jets is not fixed */
  readonly interval?: 'clopper-pearson' | 'poisson';
}

const OPTIONS: OptionNames<RejectionOptions & Weighted> = {
  signalEfficiency: true,
  estimator: true,
  level: true,
  interval: true,
  weights: true,
};

/** A working point. */
export interface BackgroundRejection {
  /** ε_S asked for */
  readonly signalEfficiency: number;
  /** 1/ε_B */
  readonly rejection: number;
  readonly estimator: RejectionEstimator;
  /** number k of background jets that pass `threshold` */
  readonly falsePositives: number;
  /** jets with a score ≥ this pass; for `interpolated` the looser of the two cuts */
  readonly threshold: number;
  /** ε_S at `threshold` */
  readonly signalEfficiencyAtThreshold: number;
  /**
   * Clopper–Pearson or Garwood on ε_B, inverted; effective counts where the estimate is between counts or weighted.
   * With weights below 0 from a bootstrap.
   */
  readonly interval: Interval;
}

/**
 * Background rejection 1/ε_B at the cut that keeps a fraction ε_S of the signal.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param scores (n,) finite, higher is more signal-like; not modified
 * @throws {JetError} as `cutCounts`; OUT_OF_RANGE if ε_S is not in (0, 1] or the level not in (0, 1);
 *   DEGENERATE_METRIC if no background jet passes: `details.lowerBound` then is what the rejection exceeds at
 *   `details.level`; or if the weights of those that pass do not sum to more than 0
 * @example
 * const options = { signalEfficiency: 1, estimator: 'conservative' };
 * backgroundRejection([1, 1, 0, 0], [0.9, 0.4, 0.4, 0.1], options).rejection // 2
 */
export function backgroundRejection(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: RejectionOptions & Weighted,
): BackgroundRejection {
  return backgroundRejectionOf(countJets('backgroundRejection', labels, scores, options, OPTIONS), options);
}

/** As `backgroundRejection`. */
export function backgroundRejectionOf(cuts: CutCounts, options: RejectionOptions): BackgroundRejection {
  checkOptions('backgroundRejection', options, OPTIONS);
  const { signalEfficiency, estimator = 'interpolated', level = ONE_SIGMA } = options;
  const { interval: method = 'clopper-pearson' } = options;
  checkLevel('backgroundRejection', level);
  const point = workingPoint(cuts, signalEfficiency, estimator);
  const { ofBackground } = cuts;
  const interval =
    point.backgroundEfficiency <= 0
      ? undefined
      : cuts.negative > 0
        ? resampledInterval(cuts, options)
        : rejectionInterval(cuts, point, level, method);
  if (interval === undefined && cuts.negative > 0 && point.backgroundJets > 0) {
    const { backgroundJets: jets } = point;
    const weight = point.backgroundEfficiency * ofBackground.weight;
    throw new JetError(
      'DEGENERATE_METRIC',
      `backgroundRejection: the weights of ${counted(jets, 'background jet')} passing at ε_S = ${signalEfficiency} sum to ${weight.toPrecision(4)}${weight > 0 ? ', and to 0 or less in draws of a bootstrap' : ''}; ` +
        `expected more than 0; ask for a higher ε_S or use more background jets`,
      { signalEfficiency, background: cuts.background, jets, weight },
    );
  }
  if (interval === undefined) {
    const limitLevel = 0.95;
    const effective = ofBackground.weight ** 2 / squaresOfFirst(ofBackground, ofBackground.jets);
    const lowerBound = 1 / clopperPearson(0, effective, 2 * limitLevel - 1).high;
    throw new JetError(
      'DEGENERATE_METRIC',
      `backgroundRejection: none of ${cuts.background} background jets passes at ε_S = ${signalEfficiency}; ` +
        `1/ε_B is above ${lowerBound.toPrecision(4)} (95%); ask for a higher ε_S or use more background jets`,
      { signalEfficiency, background: cuts.background, lowerBound, level: limitLevel },
    );
  }
  return {
    signalEfficiency,
    rejection: 1 / point.backgroundEfficiency,
    estimator,
    falsePositives: point.backgroundJets,
    threshold: point.threshold,
    signalEfficiencyAtThreshold: weightOfFirst(cuts.ofSignal, point.signalJets) / cuts.ofSignal.weight,
    interval,
  };
}

/** A cut, and ε_B as the estimator has it. */
interface WorkingPoint {
  readonly threshold: number;
  readonly signalJets: number;
  readonly backgroundJets: number;
  readonly backgroundEfficiency: number;
}

/**
 * The cut that belongs to ε_S.
 *
 * @throws {JetError} OUT_OF_RANGE if ε_S is not in (0, 1]
 */
export function workingPoint(cuts: CutCounts, signalEfficiency: number, estimator: RejectionEstimator): WorkingPoint {
  checkRange('backgroundRejection', 'signal efficiency', signalEfficiency, 0, 1, true);
  if (cuts.negative > 0) return turningPoint(cuts, signalEfficiency, estimator);
  const { ofSignal, ofBackground } = cuts;
  const keeps = (signalJets: number): number => weightOfFirst(ofSignal, signalJets) / ofSignal.weight;
  const passes = (backgroundJets: number): number => weightOfFirst(ofBackground, backgroundJets) / ofBackground.weight;
  const cutAt = (threshold: number): WorkingPoint => {
    const backgroundJets = passing(ofBackground, threshold);
    const signalJets = passing(ofSignal, threshold);
    return { threshold, signalJets, backgroundJets, backgroundEfficiency: passes(backgroundJets) };
  };

  let low = 0;
  let high = ofSignal.jets - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keeps(middle + 1) >= signalEfficiency) high = middle;
    else low = middle + 1;
  }
  const after = cutAt(ofSignal.scores[low]);
  if (estimator === 'conservative') return after;

  const signalBefore = passing(ofSignal, after.threshold, true);
  const kept = keeps(after.signalJets);
  const keptBefore = keeps(signalBefore);
  if (estimator === 'nearest') {
    if (keptBefore === 0 || signalEfficiency - keptBefore >= kept - signalEfficiency) return after;
    let tightest = signalBefore;
    while (keeps(tightest - 1) === keptBefore) tightest--;
    return cutAt(ofSignal.scores[tightest - 1]);
  }

  if (kept === signalEfficiency) {
    let next = after.signalJets;
    while (next < ofSignal.jets && keeps(next + 1) === kept) next++;
    const loosest = next < ofSignal.jets ? passing(ofBackground, ofSignal.scores[next], true) : ofBackground.jets;
    return loosest > after.backgroundJets ? cutAt(ofBackground.scores[loosest - 1]) : after;
  }
  const before = passes(passing(ofBackground, after.threshold, true));
  const slope = (after.backgroundEfficiency - before) / (kept - keptBefore);
  return { ...after, backgroundEfficiency: slope * (signalEfficiency - keptBefore) + before };
}

/** On a curve that turns back: where it first reaches ε_S, coming from the tightest cut. */
function turningPoint(cuts: CutCounts, signalEfficiency: number, estimator: RejectionEstimator): WorkingPoint {
  const cursor = new CutCursor(cuts);
  const { weight: signal } = cuts.ofSignal;
  const { weight: background } = cuts.ofBackground;
  let before = { threshold: Number.POSITIVE_INFINITY, signalJets: 0, backgroundJets: 0, backgroundEfficiency: 0 };
  let keptBefore = 0;
  while (cursor.next()) {
    const kept = cursor.signal / signal;
    const after = {
      threshold: cursor.score,
      signalJets: cursor.signalJets,
      backgroundJets: cursor.backgroundJets,
      backgroundEfficiency: cursor.background / background,
    };
    if (kept >= signalEfficiency) {
      if (estimator === 'interpolated') {
        const share = (signalEfficiency - keptBefore) / (kept - keptBefore);
        const slope = after.backgroundEfficiency - before.backgroundEfficiency;
        return { ...after, backgroundEfficiency: before.backgroundEfficiency + share * slope };
      }
      const nearer = keptBefore > 0 && signalEfficiency - keptBefore < kept - signalEfficiency;
      return estimator === 'nearest' && nearer ? before : after;
    }
    before = after;
    keptBefore = kept;
  }
  return before;
}

/** Undefined where the bootstrap reaches an ε_B that has no inverse. */
function resampledInterval(cuts: CutCounts, options: RejectionOptions): Interval | undefined {
  const { signalEfficiency, estimator = 'interpolated', level = ONE_SIGMA } = options;
  const { interval } = resampled(cuts, { name: 'backgroundEfficiency', signalEfficiency, estimator }, level);
  return interval.low > 0 ? { level, low: 1 / interval.high, high: 1 / interval.low } : undefined;
}

/** Undefined where so small a part of a background jet passes that no upper end of 1/ε_B can be written down. */
function rejectionInterval(
  { ofBackground }: CutCounts,
  { backgroundEfficiency, backgroundJets }: WorkingPoint,
  level: number,
  method: 'clopper-pearson' | 'poisson',
): Interval | undefined {
  const perWeight = weightOfFirst(ofBackground, backgroundJets) / squaresOfFirst(ofBackground, backgroundJets);
  const trials = ofBackground.weight * perWeight;
  const count = backgroundEfficiency * trials;
  const whole = Math.round(count);
  // a whole count keeps its exact value through the division by the weight
  const k = Math.abs(count - whole) < 1e-9 * count ? whole : count;
  const n = Math.max(k, trials);
  const counts = method === 'poisson' ? poissonInterval(k, level) : clopperPearson(k, n, level);
  const perCount = method === 'poisson' ? n : 1;
  const interval = { level, low: Math.max(1, perCount / counts.high), high: perCount / counts.low };
  return Number.isFinite(interval.high) ? interval : undefined;
}
