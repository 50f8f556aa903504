/** @file A training as people see it: how far it is, how long it may take, and Ctrl-C. */
import { duration, type Progress, progress, say } from './terminal.js';

/** What a training tells, and is told. */
export interface Watch {
  /** aborted by Ctrl-C */
  readonly signal: AbortSignal;
  onWarning(warning: string): void;
  /** Shows how far a stage is, in the place of the stage before. */
  stage(label: string, total: number, unit: string): Progress;
}

/**
 * Trains, and has Ctrl-C stop it.
 *
 * @throws what `train` throws
 */
export async function watchTraining<T>(train: (watch: Watch) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const interrupt = (): void => {
    say('\nstopping after this batch, at once with another Ctrl-C; go on with the same command and --resume');
    abort.abort();
  };
  process.once('SIGINT', interrupt);
  let bar: Progress | undefined;
  try {
    return await train({
      signal: abort.signal,
      onWarning: (warning) => say(`\nwarning: ${warning}`),
      stage(label, total, unit) {
        bar?.stop();
        bar = progress(label, total, unit);
        return bar;
      },
    });
  } finally {
    bar?.stop();
    process.off('SIGINT', interrupt);
  }
}

/**
 * How long a training may go on, by its speed since the first call.
 *
 * @param epochs the most that there will be
 */
export function timeLeft(epochs: number): (progress: Passed) => string {
  const started = performance.now();
  let first: number | undefined;
  return ({ epoch, batch, batches }) => {
    first ??= epoch - 1;
    const done = epoch - 1 + batch / batches;
    const seconds = (performance.now() - started) / 1000;
    return `at most ${duration((seconds / (done - first)) * (epochs - done))} left`;
  };
}

interface Passed {
  readonly epoch: number;
  readonly batch: number;
  readonly batches: number;
}
