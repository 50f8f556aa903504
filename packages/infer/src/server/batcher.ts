/** @file Requests that wait a moment for others, so that the network runs on many jets at once. */
import { JetError } from '@jetsdk/jets';
import { refusal } from './refusal.js';
import { shares } from './shares.js';

/** Jets of one request. */
export interface Job {
  /** jobs of the same key may be scored together */
  readonly key: string;
  readonly jets: number;
  /** numbers of each input */
  readonly arrays: readonly Float32Array[];
  /** runs so many jets; jobs of the same key run alike */
  run(jets: number, arrays: readonly Float32Array[]): Promise<Float32Array>;
}

export interface BatchLimits {
  /** jets that are scored together; a larger request is scored alone */
  readonly maxBatch: number;
  /** milliseconds that a request waits for others */
  readonly maxDelayMs: number;
  /** requests that wait; of one client no more than there are places left */
  readonly maxQueue: number;
}

export interface Batcher {
  readonly queueLength: number;
  /** Whether a request of the client could wait. */
  hasPlace(client: string): boolean;
  /**
   * @param signal takes the request out of the queue
   * @param client takes turns with others, whoever has asked for fewer jets first
   * @throws {JetError} LIMIT_EXCEEDED if the queue is full; CANCELLED; whatever scoring throws
   */
  submit(job: Job, signal: AbortSignal, client: string): Promise<Float32Array>;
}

/** Batches under way at once: one is scored while the next is prepared. */
const LANES = 2;

interface Waiting {
  readonly job: Job;
  readonly client: string;
  readonly since: number;
  /** jets that would have been scored before and with it, had all clients asked at once */
  readonly turn: number;
  resolve(scores: Float32Array): void;
  reject(error: unknown): void;
}

/** @param observe told the jets of every batch */
export function batcher({ maxBatch, maxDelayMs, maxQueue }: BatchLimits, observe: (jets: number) => void): Batcher {
  /** by turn */
  const queue: Waiting[] = [];
  const places = shares(maxQueue);
  const turns = new Map<string, number>();
  let turn = 0;
  let running = 0;
  let timer: NodeJS.Timeout | undefined;

  const dispatch = (): void => {
    clearTimeout(timer);
    while (running < LANES && queue.length > 0) {
      const { picked, full } = pick();
      const left = Math.min(...picked.map(({ since }) => since)) + maxDelayMs - performance.now();
      if (!full && left > 0) {
        timer = setTimeout(dispatch, left);
        return;
      }
      turn = picked[picked.length - 1].turn;
      for (const one of picked) remove(one);
      void run(picked);
    }
  };
  const insert = (one: Waiting): void => {
    turns.set(one.client, one.turn);
    const behind = queue.findLastIndex((other) => other.turn <= one.turn);
    queue.splice(behind + 1, 0, one);
  };
  const remove = (one: Waiting): void => {
    const at = queue.indexOf(one);
    if (at < 0) return;
    queue.splice(at, 1);
    places.give(one.client, 1);
    // whoever has nothing waiting is as good as new
    if (turns.get(one.client) === one.turn) turns.delete(one.client);
  };
  /** The request whose turn it is and those that can go with it. */
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
    return first.run(jets, arrays);
  };
  return {
    get queueLength() {
      return queue.length;
    },
    hasPlace: (client) => places.has(client, 1),
    submit(job, signal, client) {
      if (!places.take(client, 1)) return Promise.reject(tooMany(queue.length, maxQueue));
      return new Promise((resolve, reject) => {
        const last = Math.max(turn, turns.get(client) ?? 0);
        const one: Waiting = { job, client, since: performance.now(), turn: last + job.jets, resolve, reject };
        const leave = (): void => {
          remove(one);
          reject(
            new JetError('CANCELLED', 'infer: stopped before the scores were there', {}, { cause: signal.reason }),
          );
        };
        insert(one);
        if (signal.aborted) return leave();
        signal.addEventListener('abort', leave, { once: true });
        dispatch();
      });
    },
  };
}

/** More requests than may wait, in all or of one client. */
export function tooMany(waiting: number, most: number): JetError {
  return refusal(
    503,
    'LIMIT_EXCEEDED',
    `${waiting} requests wait; expected at most ${most}, and of one client no more than there are places left; try again later`,
  );
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
