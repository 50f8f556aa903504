import type { RejectionEstimator } from '@jetsdk/eval';

/** What `eval` is asked for. */
export interface EvalFlags {
  readonly labels: string;
  readonly scores: readonly string[];
  readonly weights?: string;
  readonly mass?: string;
  readonly classes?: readonly string[];
  readonly signalEfficiency: readonly number[];
  readonly estimator: RejectionEstimator;
  readonly json?: true;
  readonly report?: string;
  readonly scoreAxis: 'log' | 'linear';
}
