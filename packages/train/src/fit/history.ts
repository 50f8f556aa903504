/** @file What an epoch of training gave. */

/** One epoch; losses include the regularisation. */
export interface EpochLosses {
  /** 1, 2, … */
  readonly epoch: number;
  readonly loss: number;
  readonly valLoss: number;
  readonly learningRate: number;
  readonly seconds: number;
  /** seconds of them in which the next jets were waited for */
  readonly waited?: number;
}

/** One epoch of a classifier. */
export interface EpochRecord extends EpochLosses {
  /** of the training jets as they were seen, in [0, 1] */
  readonly accuracy: number;
  readonly valAccuracy: number;
}

/** Content of `history.json`. */
export interface History<R extends EpochLosses = EpochRecord> {
  readonly format: 'jetsdk-history/1';
  readonly epochs: readonly R[];
  /** epoch with the smallest validation loss, whose weights are kept */
  readonly bestEpoch: number;
  readonly warnings: readonly string[];
}
