/** @file The thread that `bootstrap` starts: replicates for seeds, until it is ended. */
import { parentPort, workerData } from 'node:worker_threads';
import { type PlainError, plainError } from '@jetsdk/jets';
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

/** What comes back for a job. */
export type ReplicateAnswer = ReplicateDone | { readonly error: PlainError };

const replicator = new Replicator(workerData as BootstrapSample);

function answer({ first, seeds }: ReplicateJob): ReplicateAnswer {
  try {
    return { first, metrics: seeds.map((seed) => replicator.replicate(seed)) };
  } catch (error) {
    return { error: plainError(error) };
  }
}

parentPort?.on('message', (job: ReplicateJob) => parentPort?.postMessage(answer(job)));
