/** @file What the report needs to know of an evaluation; `evaluate` of @jetsdk/eval gives it. */

/** One tagger on one set of jets. */
export interface TaggerResult {
  readonly name: string;
  readonly jets: number;
  readonly signal: number;
  readonly background: number;
  readonly auc: number;
  readonly aucStdErr?: number;
  readonly accuracy: number;
  /** one a signal efficiency; none where no background jet passes */
  readonly rejection: readonly RejectionResult[];
  readonly warnings?: readonly Warning[];
}

/** Background rejection at one signal efficiency. */
export interface RejectionResult {
  readonly signalEfficiency: number;
  /** 1/ε_B */
  readonly rejection: number;
  readonly estimator?: string;
  /** background jets that pass, k */
  readonly falsePositives?: number;
  readonly interval?: { readonly level: number; readonly low: number; readonly high: number };
}

/** Paired test of two taggers on the same jets. */
export interface TaggerComparison {
  readonly a: string;
  readonly b: string;
  /** AUC of a − AUC of b */
  readonly difference: number;
  readonly stdErr: number;
  readonly z: number;
  /** two-sided */
  readonly pValue: number;
}

export interface Warning {
  readonly code: string;
  readonly message: string;
}
