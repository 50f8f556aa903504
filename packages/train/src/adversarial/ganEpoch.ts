/** @file What is told of an epoch of two networks against each other. */

/** Means over an epoch. */
export interface GanEpoch {
  readonly epoch: number;
  /** of the discriminator on simulated and on generated images, and of the generator, by term */
  readonly simulated: Readonly<Record<string, number>>;
  readonly generated: Readonly<Record<string, number>>;
  readonly generator: Readonly<Record<string, number>>;
  /** how much generated images differ among each other, in units of simulated ones; near 0 they are all alike */
  readonly spread: number;
  readonly seconds: number;
}

/** An epoch that was stopped. */
export interface GanEpochBegun {
  /** that are done */
  readonly batches: number;
  /** losses by term, `real` first, summed over these batches and divided by the number of all */
  readonly simulated: readonly number[];
  readonly generated: readonly number[];
  readonly generator: readonly number[];
  readonly seconds: number;
}
