/** @file The figure that a leaderboard goes by, and an entry as it is drawn by it. */
import { JetError } from '@jetsdk/jets';
import type { Interval } from '../../uncertainty/binomial.js';
import type { Rules } from '../rules.js';
import type { EntryFigures } from './measuredEntry.js';
import type { LeaderboardRow } from './ranking.js';

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

/** A row in the drawing of a leaderboard. */
export interface DrawnEntry {
  readonly rank: number;
  readonly value: number;
  readonly interval: Interval;
  readonly tieGroup: number;
  readonly flags: readonly string[];
}

/** @param remarks more to say behind its name, before its flags */
export function drawnEntry(row: LeaderboardRow, rules: Rules, remarks: readonly string[] = []): DrawnEntry {
  const { value, interval, beyond } = decisiveFigure(row, rules);
  const flags = [...(beyond ? ['at least'] : []), ...remarks, ...row.flags.map(({ code }) => code)];
  return { rank: row.rank, value, interval, tieGroup: row.tieGroup95, flags };
}
