/** @file The figures of one submission on the jets that count. */
import { isJetError, JetError } from '@jetsdk/jets';
import { type CutCounts, countJets } from '../../core/cutCounts.js';
import { accuracyOf } from '../../metrics/accuracy.js';
import { type BackgroundRejection, backgroundRejectionOf, workingPoint } from '../../metrics/backgroundRejection.js';
import type { Interval } from '../../uncertainty/binomial.js';
import { delongOf, type Placements, placementsOf } from '../../uncertainty/delong.js';
import type { Flag } from '../entry/scoreFlags.js';
import type { Submission } from '../entry/submission.js';
import type { Rules } from '../rules.js';

/** A submission and when it came. */
export interface Entry extends Submission {
  /** milliseconds since 1970; entries without a time come last among equals */
  readonly submitted?: number;
  /** whether that is the time of a receipt that counts */
  readonly receipt?: boolean;
  /** what its receipt and its time say against it */
  readonly flags?: readonly Flag[];
}

/** All that is known of 1/ε_B where no background jet passes. */
export interface RejectionLimit {
  readonly signalEfficiency: number;
  readonly falsePositives: 0;
  /** what 1/ε_B exceeds at `level` */
  readonly lowerBound: number;
  readonly level: number;
}

/** What is shown of an entry, whatever the others are. */
export interface EntryFigures {
  readonly auc: number;
  /** DeLong */
  readonly aucStdErr: number;
  readonly aucInterval: Interval;
  /** at the threshold 0.5 */
  readonly accuracy: number;
  readonly rejection: readonly BackgroundRejection[];
  /** for the signal efficiencies that are missing there, because no background jet passes */
  readonly rejectionLimits?: readonly RejectionLimit[];
}

/** The figure that an entry is ranked by. */
export interface DecisiveFigure {
  readonly value: number;
  /** holds `value` */
  readonly interval: Interval;
  /** no background jet passes: the figure is beyond `value`, and that is all that is known */
  readonly beyond: boolean;
}

/**
 * The AUC of an entry, or its 1/ε_B, whichever the rules go by.
 *
 * @param figures with the signal efficiency of the rules, as every leaderboard by them has it
 * @throws {JetError} BAD_ARGUMENT for figures without it
 */
export function decisiveFigure(
  { auc, aucInterval, rejection, rejectionLimits = [] }: EntryFigures,
  { metric, signalEfficiency }: Pick<Rules, 'metric' | 'signalEfficiency'>,
): DecisiveFigure {
  if (metric === 'auc') return { value: auc, interval: aucInterval, beyond: false };
  const found = rejection.find((one) => one.signalEfficiency === signalEfficiency);
  if (found !== undefined) {
    const { rejection: value, interval } = found;
    // ties at the cut: the interpolated value may lie outside of the interval of what passes
    const around = { ...interval, low: Math.min(interval.low, value), high: Math.max(interval.high, value) };
    return { value, interval: around, beyond: false };
  }
  const limit = rejectionLimits.find((one) => one.signalEfficiency === signalEfficiency);
  if (limit === undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `decisiveFigure: ε_S ${[...rejection, ...rejectionLimits].map((one) => one.signalEfficiency).join(', ')}; expected ${signalEfficiency} of the rules among them`,
    );
  const { lowerBound } = limit;
  return { value: lowerBound, interval: { level: limit.level, low: lowerBound, high: lowerBound }, beyond: true };
}

/** An entry with its figures and what comparisons need. */
export interface MeasuredEntry {
  readonly entry: Entry;
  /** (board,) */
  readonly scores: Float32Array | Float64Array;
  readonly cuts: CutCounts;
  readonly placements: Placements;
  readonly figures: EntryFigures;
  /** ε_B at the signal efficiency of the rules, interpolated */
  readonly backgroundEfficiency: number;
}

/**
 * Measures an entry.
 *
 * @param labels (board,) @param scores (board,)
 * @param signalEfficiencies of the rejections shown
 * @throws {JetError} as `delong`
 */
export function measureEntry(
  entry: Entry,
  labels: Uint8Array,
  scores: Float32Array | Float64Array,
  signalEfficiencies: readonly number[],
  decisive: number,
): MeasuredEntry {
  const cuts = countJets('rank', labels, scores, {}, { weights: true });
  const { auc, stdErr, interval } = delongOf(cuts);
  return {
    entry,
    scores,
    cuts,
    placements: placementsOf(cuts),
    figures: {
      auc,
      aucStdErr: stdErr,
      aucInterval: interval,
      accuracy: accuracyOf(cuts),
      ...rejections(cuts, signalEfficiencies),
    },
    backgroundEfficiency: workingPoint(cuts, decisive, 'interpolated').backgroundEfficiency,
  };
}

function rejections(
  cuts: CutCounts,
  signalEfficiencies: readonly number[],
): Pick<EntryFigures, 'rejection' | 'rejectionLimits'> {
  const rejection: BackgroundRejection[] = [];
  const rejectionLimits: RejectionLimit[] = [];
  for (const signalEfficiency of signalEfficiencies) {
    try {
      rejection.push(backgroundRejectionOf(cuts, { signalEfficiency }));
    } catch (error) {
      if (!isJetError(error, 'DEGENERATE_METRIC')) throw error;
      const { lowerBound, level } = error.details;
      rejectionLimits.push({
        signalEfficiency,
        falsePositives: 0,
        lowerBound: Number(lowerBound),
        level: Number(level),
      });
    }
  }
  return rejectionLimits.length === 0 ? { rejection } : { rejection, rejectionLimits };
}
