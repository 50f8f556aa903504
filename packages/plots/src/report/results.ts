/** @file What the report needs to know of an evaluation; `evaluate` and `multiClass` of @jetsdk/eval give it. */

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

/** An AUC with its standard error. */
export interface AucResult {
  readonly auc: number;
  readonly stdErr: number;
}

/** A share with its interval. */
export interface ShareResult {
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number };
}

/** One tagger with several classes on one set of jets. */
export interface ClassResult {
  readonly name: string;
  readonly jets: number;
  readonly classes: readonly string[];
  readonly macroOneVsRest: AucResult;
  readonly macroOneVsOne: AucResult;
  readonly oneVsRest: readonly (AucResult & { readonly class: number; readonly jets: number })[];
  readonly oneVsOne: readonly (AucResult & {
    readonly signal: number;
    readonly background: number;
    readonly rejection: readonly RejectionResult[];
  })[];
  readonly confusion: {
    readonly classes: readonly string[];
    /** (classes · classes,) row = true class */
    readonly counts: readonly number[];
    readonly shares: readonly ShareResult[];
    readonly accuracy: ShareResult;
    readonly balancedAccuracy: number;
  };
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
