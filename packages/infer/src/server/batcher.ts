/** @file Requests that wait a moment for others, so that the network runs on many jets at once. */
import { JetError } from '@jetsdk/jets';
import type { JetArrays } from '../scoring/tagger.js';

/** Jets of one request. */
export interface Job {
  /** jobs of the same key may be scored together */
  readonly key: string;
  readonly jets: number;
  /** whether the probabilities of all classes are wanted; jobs of the same key want the same */
  readonly all: boolean;
  /** numbers of each input */
  readonly arrays: readonly Float32Array[];
  /** what the tagger is given for so many jets */
  build(jets: number, arrays: readonly Float32Array[]): JetArrays;
}

export interface BatchLimits {
  /** jets that are scored together; a larger request is scored alone */
  readonly maxBatch: number;
  /** milliseconds that a request waits for others */
  readonly maxDelayMs: number;
  /** requests that wait */
  readonly maxQueue: number;
}

export interface Batcher {
  readonly queueLength: number;
  /**
   * @param signal takes the request out of the queue
   * @throws {JetError} LIMIT_EXCEEDED if the queue is full; CANCELLED; whatever scoring throws
   */
  submit(job: Job, signal: AbortSignal): Promise<Float32Array>;
}

/** Batches under way at once: one is scored while the next is prepared. */
const LANES = 2;

interface Waiting {
  readonly job: Job;
  readonly since: number;
  resolve(scores: Float32Array): void;
  reject(error: unknown): void;
}

/** @param observe told the jets of every batch */
export function batcher(
  score: (x: JetArrays, all: boolean) => Promise<Float32Array>,
  { maxBatch, maxDelayMs, maxQueue }: BatchLimits,
  observe: (jets: number) => void,
): Batcher {
  const queue: Waiting[] = [];
  let running = 0;
  let timer: NodeJS.Timeout | undefined;

  const dispatch = (): void => {
    clearTimeout(timer);
    while (running < LANES && queue.length > 0) {
      const { picked, full } = pick();
      const left = queue[0].since + maxDelayMs - performance.now();
      if (!full && left > 0) {
        timer = setTimeout(dispatch, left);
        return;
      }
      for (const one of picked) queue.splice(queue.indexOf(one), 1);
      void run(picked);
    }
  };
  /** The oldest request and those that can go with it. */
  const pick = (): { picked: Waiting[]; full: boolean } => {
    const { key } = queue[0].job;
    const picked: Waiting[] = [];
    let jets = 0;
    for (const one of queue) {
      if (one.job.key !== key) continue;
      if (picked.length > 0 && jets + one.job.jets > maxBatch) return { picked, full: true };
      picked.push(one);
      jets += one.job.jets;
    }
    return { picked, full: jets >= maxBatch };
  };
  const run = async (picked: readonly Waiting[]): Promise<void> => {
    running++;
    try {
      const scores = await together(picked.map(({ job }) => job));
      const width = scores.length / picked.reduce((jets, { job }) => jets + job.jets, 0);
      let at = 0;
      for (const { job, resolve } of picked) {
        resolve(scores.slice(at, at + job.jets * width));
        at += job.jets * width;
      }
    } catch (error) {
      // nobody answers for a stranger's jets: each is tried alone
      if (picked.length === 1) picked[0].reject(error);
      else for (const { job, resolve, reject } of picked) await together([job]).then(resolve, reject);
    }
    running--;
    dispatch();
  };
  const together = (jobs: readonly Job[]): Promise<Float32Array> => {
    const [first] = jobs as [Job];
    const jets = jobs.reduce((sum, job) => sum + job.jets, 0);
    observe(jets);
    const arrays =
      jobs.length === 1 ? first.arrays : first.arrays.map((_, i) => join(jobs.map((job) => job.arrays[i])));
    return score(first.build(jets, arrays), first.all);
  };
  return {
    get queueLength() {
      return queue.length;
    },
    submit(job, signal) {
      if (queue.length >= maxQueue)
        return Promise.reject(
          new JetError(
            'LIMIT_EXCEEDED',
            `${queue.length} requests wait; expected at most ${maxQueue}; try again later`,
            {
              status: 503,
            },
          ),
        );
      return new Promise((resolve, reject) => {
        const one: Waiting = { job, since: performance.now(), resolve, reject };
        const leave = (): void => {
          const at = queue.indexOf(one);
          if (at >= 0) queue.splice(at, 1);
          reject(
            new JetError('CANCELLED', 'infer: stopped before the scores were there', {}, { cause: signal.reason }),
          );
        };
        if (signal.aborted) return leave();
        signal.addEventListener('abort', leave, { once: true });
        queue.push(one);
        dispatch();
      });
    },
  };
}

function join(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}
