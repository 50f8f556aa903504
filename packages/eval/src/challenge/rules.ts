/** @file The rules of a challenge. */
import { JetError } from '@jetsdk/jets';

/** What decides, and how many tries there are. */
export interface Rules {
  /** `auc`, or `rejection`: 1/ε_B at `signalEfficiency`, interpolated */
  readonly metric: 'auc' | 'rejection';
  /** ε_S in (0, 1] */
  readonly signalEfficiency: number;
  /** ranked submissions a group; later ones are rejected */
  readonly limitPerGroup: number;
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
 *   no whole number from 1
 */
export function completeRules(given: Partial<Rules> = {}): Rules {
  const { metric, signalEfficiency, limitPerGroup, ties } = { ...DEFAULT_RULES, ...given };
  const rules = { metric, signalEfficiency, limitPerGroup, ties };
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
  return rules;
}
