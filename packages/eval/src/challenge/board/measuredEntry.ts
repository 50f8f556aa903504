/** @file The figures of one submission on the jets that count. */
import { isJetError } from '@jetsdk/jets';
import { type CutCounts, countJets } from '../../core/cutCounts.js';
import { accuracyOf } from '../../metrics/accuracy.js';
import { type BackgroundRejection, backgroundRejectionOf, workingPoint } from '../../metrics/backgroundRejection.js';
import type { Interval } from '../../uncertainty/binomial.js';
import { delongOf, type Placements, placementsOf } from '../../uncertainty/delong.js';
import type { Flag } from '../entry/scoreFlags.js';
import type { Submission } from '../entry/submission.js';

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
