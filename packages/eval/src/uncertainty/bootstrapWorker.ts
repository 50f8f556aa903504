/** @file The thread that `bootstrap` starts: replicates for seeds, until it is ended. */
import { parentPort, workerData } from 'node:worker_threads';
import { type BootstrapSample, Replicator } from './replicate.js';

/** The replicates with these seeds; `first` is the number of the first, sent back with the metrics. */
export interface ReplicateJob {
  readonly first: number;
  readonly seeds: readonly number[];
}

/** For each seed, the metric of each tagger. */
export interface ReplicateDone {
  readonly first: number;
  readonly metrics: readonly (readonly number[])[];
}

const replicator = new Replicator(workerData as BootstrapSample);
parentPort?.on('message', ({ first, seeds }: ReplicateJob) => {
  const done: ReplicateDone = { first, metrics: seeds.map((seed) => replicator.replicate(seed)) };
  parentPort?.postMessage(done);
});
