import type { RejectionEstimator } from '@jetsdk/eval';

/** What `eval` is asked for. */
export interface EvalFlags {
  readonly labels: readonly string[];
  readonly scores: readonly string[];
  readonly weights?: readonly string[];
  readonly mass?: readonly string[];
  readonly classes?: readonly string[];
  readonly signalEfficiency: readonly number[];
  readonly estimator: RejectionEstimator;
  readonly json?: true;
  readonly report?: string;
  readonly scoreAxis: 'log' | 'linear';
}
