/** @file The rules of a challenge. */
import { JetError, quoted } from '@jetsdk/jets';

/** What decides, and how many tries there are. */
export interface Rules {
  /** `auc`, or `rejection`: 1/ε_B at `signalEfficiency`, interpolated */
  readonly metric: 'auc' | 'rejection';
  /** ε_S in (0, 1] */
  readonly signalEfficiency: number;
  /** ranked submissions per group; later ones are rejected */
  readonly limitPerGroup: number;
  /** ranked submissions per group on one day, UTC; later ones are rejected; no such limit where absent */
  readonly perDay?: number;
  /** ISO 8601; earlier submissions are refused, and flagged */
  readonly opens?: string;
  /** ISO 8601; later submissions are flagged */
  readonly deadline?: string;
  /** equal values: the earlier submission is ahead */
  readonly ties: 'earlier-submission';
}

export const DEFAULT_RULES: Rules = {
  metric: 'auc',
  signalEfficiency: 0.3,
  limitPerGroup: 5,
  ties: 'earlier-submission',
};

/**
 * Rules with the defaults filled in.
 *
 * @throws {JetError} BAD_ARGUMENT for another metric or tie-break; OUT_OF_RANGE for a signal efficiency outside (0, 1] or a limit that is
 *   no whole number from 1; BAD_ARGUMENT for a time that is none, or a deadline before the opening
 */
export function completeRules(given: Partial<Rules> = {}): Rules {
  const { metric, signalEfficiency, limitPerGroup, ties } = { ...DEFAULT_RULES, ...given };
  const { perDay, opens, deadline } = given;
  const rules: Rules = {
    metric,
    signalEfficiency,
    limitPerGroup,
    ties,
    ...(perDay !== undefined && { perDay }),
    ...(opens !== undefined && { opens: time('opens', opens) }),
    ...(deadline !== undefined && { deadline: time('deadline', deadline) }),
  };
  if (rules.metric !== 'auc' && rules.metric !== 'rejection')
    throw new JetError('BAD_ARGUMENT', `rules: metric ${String(rules.metric)}; expected auc or rejection`);
  if (rules.ties !== 'earlier-submission')
    throw new JetError('BAD_ARGUMENT', `rules: ties ${String(rules.ties)}; expected earlier-submission`);
  if (!(Number.isFinite(rules.signalEfficiency) && rules.signalEfficiency > 0 && rules.signalEfficiency <= 1))
    throw new JetError(
      'OUT_OF_RANGE',
      `rules: signal efficiency ${rules.signalEfficiency}; expected above 0, at most 1`,
    );
  if (!Number.isInteger(rules.limitPerGroup) || rules.limitPerGroup < 1)
    throw new JetError('OUT_OF_RANGE', `rules: limit per group ${rules.limitPerGroup}; expected a whole number from 1`);
  if (perDay !== undefined && (!Number.isInteger(perDay) || perDay < 1))
    throw new JetError('OUT_OF_RANGE', `rules: ${perDay} submissions per day; expected a whole number from 1`);
  if (rules.opens !== undefined && rules.deadline !== undefined && rules.deadline <= rules.opens)
    throw new JetError('BAD_ARGUMENT', `rules: deadline ${rules.deadline}; expected a time after ${rules.opens}`);
  return rules;
}

/** A time in UTC; a day alone is its beginning for the opening and its end for the deadline. */
function time(what: 'opens' | 'deadline', text: unknown): string {
  const day = typeof text === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(text);
  const value =
    typeof text === 'string' ? Date.parse(day && what === 'deadline' ? `${text}T23:59:59.999Z` : text) : NaN;
  if (Number.isNaN(value))
    throw new JetError(
      'BAD_ARGUMENT',
      `rules: ${what} ${quoted(text)}; expected a time as 2027-01-31 or 2027-01-31T18:00:00Z`,
    );
  return new Date(value).toISOString();
}
