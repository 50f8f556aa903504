/** @file The stratified bootstrap. */
import { JetError, type Progress, random, requireMembers, reviveError } from '@jetsdk/jets';
import { countJets } from '../core/cutCounts.js';
import { checkRange, type Weighted } from '../core/inputs.js';
import { checkLevel, type Interval, ONE_SIGMA } from './binomial.js';
import type { ReplicateAnswer, ReplicateDone, ReplicateJob } from './bootstrapWorker.js';
import { quantile } from './quantile.js';
import { type BootstrapMetric, type BootstrapSample, bootstrapSample, Replicator } from './replicate.js';

export type { BootstrapMetric } from './replicate.js';

type WorkerThreads = typeof import('node:worker_threads');

/** A jet takes its weight along when it is drawn. */
export interface BootstrapOptions extends Weighted {
  readonly metric: BootstrapMetric;
  /** default 1000, at least 2 */
  readonly replicates?: number;
  /** an integer in [0, 2³²); default 1 */
  readonly seed?: number;
  /** confidence level of the intervals; default one standard deviation */
  readonly level?: number;
  /** worker threads (Node.js); default 0: the calling thread. The result is the same for any number. */
  readonly workers?: number;
  /** in replicates */
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface BootstrapResult {
  /** on the jets as they are */
  readonly value: number;
  /** standard deviation of the replicates */
  readonly stdErr: number;
  /** between quantiles of the replicates */
  readonly interval: Interval;
  /** (replicates,) replicate i of every tagger is of the same jets */
  readonly replicates: Float64Array;
}

/**
 * Draws signal and background jets with replacement, each class to its own number, and takes the metric of every
 * tagger on the same draw, so that replicates may be compared one by one.
 *
 * @param labels (n,) 0 = background, 1 = signal; not modified
 * @param entries scores of one tagger or more, (n,) each, finite; not modified
 * @returns one result per tagger, in order
 * @throws {JetError} as `cutCounts`; OUT_OF_RANGE for an option outside its range; BAD_ARGUMENT without taggers;
 *   CANCELLED when `signal` aborts; UNSUPPORTED for workers outside of Node
 * @see Efron, Tibshirani: An Introduction to the Bootstrap, sections 8 and 13
 */
export async function bootstrap(
  labels: ArrayLike<number>,
  entries: readonly ArrayLike<number>[],
  options: BootstrapOptions,
): Promise<BootstrapResult[]> {
  requireMembers('bootstrap', options, ['metric'], 'options with a metric, such as { metric: { name: "auc" } }');
  const { metric, replicates = 1000, seed = 1, level = ONE_SIGMA, weights, workers = 0 } = options;
  checkLevel('bootstrap', level);
  checkCount('replicates', replicates, 2, 0xffffffff);
  checkCount('workers', workers, 0, 1024);
  if (metric.name === 'backgroundEfficiency')
    checkRange('bootstrap', 'signal efficiency', metric.signalEfficiency, 0, 1, true);
  if (entries.length === 0)
    throw new JetError('BAD_ARGUMENT', 'bootstrap: scores of 0 taggers; expected one or more', { entries: 0 });
  for (const scores of entries) countJets('bootstrap', labels, scores, { weights }, { weights: true });

  const stream = random(seed);
  const seeds = Array.from({ length: replicates }, () => stream.uint32());
  const results = entries.map(() => new Float64Array(replicates));
  let done = 0;
  const store = ({ first, metrics }: ReplicateDone): void => {
    metrics.forEach((values, i) => {
      values.forEach((value, entry) => {
        results[entry][first + i] = value;
      });
    });
    done += metrics.length;
    options.onProgress?.({ done, total: replicates });
  };
  const count = Math.min(workers, replicates);
  const threads = count > 0 ? workerThreads(count) : undefined;
  const sample = bootstrapSample(
    labels,
    entries,
    weights,
    metric,
    threads ? (bytes) => new SharedArrayBuffer(bytes) : (bytes) => new ArrayBuffer(bytes),
  );
  const replicator = new Replicator(sample);
  if (threads) await inWorkers(threads, sample, seeds, count, store, options.signal);
  else await here(replicator, seeds, store, options.signal);

  const original = replicator.original();
  return results.map((values, entry) => summarise(original[entry], values, level));
}

function checkCount(what: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high)
    throw new JetError('OUT_OF_RANGE', `bootstrap: ${value} ${what}; expected an integer from ${low} to ${high}`, {
      [what]: value,
    });
}

function summarise(value: number, replicates: Float64Array, level: number): BootstrapResult {
  const sorted = replicates.slice().sort();
  let mean = 0;
  for (const r of replicates) mean += r / replicates.length;
  let squares = 0;
  for (const r of replicates) squares += (r - mean) ** 2;
  const tail = (1 - level) / 2;
  return {
    value,
    stdErr: Math.sqrt(squares / (replicates.length - 1)),
    interval: { level, low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) },
    replicates,
  };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new JetError('CANCELLED', 'bootstrap: stopped by the caller', {}, { cause: signal.reason });
}

/** Replicates a job: long enough to hide the messages, short enough for a lively progress bar. */
const JOB = 8;

async function here(
  replicator: Replicator,
  seeds: readonly number[],
  store: (done: ReplicateDone) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let first = 0; first < seeds.length; first += JOB) {
    throwIfAborted(signal);
    store({ first, metrics: seeds.slice(first, first + JOB).map((seed) => replicator.replicate(seed)) });
    // lets timers, input and the abort signal have their turn
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Asked for by name at run time: bundlers for the browser cannot see it. */
function workerThreads(count: number): WorkerThreads {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  if (threads === undefined)
    throw new JetError(
      'UNSUPPORTED',
      `bootstrap: ${count} workers, but there are no worker threads here; expected 0 outside of Node`,
      { workers: count },
    );
  return threads;
}

async function inWorkers(
  threads: WorkerThreads,
  sample: BootstrapSample,
  seeds: readonly number[],
  count: number,
  store: (done: ReplicateDone) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  throwIfAborted(signal);
  let next = 0;
  const job = (): ReplicateJob => {
    const first = next;
    next = Math.min(first + JOB, seeds.length);
    return { first, seeds: seeds.slice(first, next) };
  };
  const started = Array.from(
    { length: count },
    () => new threads.Worker(new URL('./bootstrapWorker.js', import.meta.url), { workerData: sample }),
  );
  let abort: (() => void) | undefined;
  try {
    await Promise.race([
      Promise.all(
        started.map(
          (worker) =>
            new Promise<void>((resolve, reject) => {
              const give = (): void => (next < seeds.length ? worker.postMessage(job()) : resolve());
              worker.on('error', reject);
              worker.on('exit', (code) => reject(new Error(`bootstrap worker ended with code ${code}`)));
              worker.on('message', (message: ReplicateAnswer) => {
                try {
                  if ('error' in message) throw reviveError(message.error);
                  store(message);
                  give();
                } catch (error) {
                  reject(error);
                }
              });
              give();
            }),
        ),
      ),
      new Promise<never>((_, reject) => {
        abort = () => {
          try {
            throwIfAborted(signal);
          } catch (error) {
            reject(error);
          }
        };
        signal?.addEventListener('abort', abort);
      }),
    ]);
  } finally {
    if (abort !== undefined) signal?.removeEventListener('abort', abort);
    await Promise.all(started.map((worker) => worker.terminate()));
  }
}
