/** @file What an epoch of training gave. */

/** One epoch; losses include the regularisation. */
export interface EpochRecord {
  /** 1, 2, … */
  readonly epoch: number;
  readonly loss: number;
  /** of the training jets as they were seen, in [0, 1] */
  readonly accuracy: number;
  readonly valLoss: number;
  readonly valAccuracy: number;
  readonly learningRate: number;
  readonly seconds: number;
  /** seconds of them in which the next jets were waited for */
  readonly waited?: number;
}

/** Content of `history.json`. */
export interface History {
  readonly format: 'jetsdk-history/1';
  readonly epochs: readonly EpochRecord[];
  /** epoch with the smallest validation loss, whose weights are kept */
  readonly bestEpoch: number;
  readonly warnings: readonly string[];
}
