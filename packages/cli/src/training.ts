/** @file Training with a progress bar, for `train` and `demo`. */
import type { InputForm } from '@jetsdk/jets';
import {
  type Examples,
  type FitResult,
  type Network,
  type Run,
  type RunRequest,
  readTrainingData,
  settingsFor,
  type TrainingData,
  type TrainingFiles,
  trainRun,
} from '@jetsdk/train';
import { duration, type Progress, progress, say } from './terminal.js';

/** Hashing a file that takes longer than this is shown. */
const PATIENCE_MS = 1000;

/** `readTrainingData` with a bar for each part, and for each file that takes long to hash. */
export async function readWithProgress(files: TrainingFiles, form: InputForm | undefined): Promise<TrainingData> {
  let bar: Progress | undefined;
  let part = '';
  let since = performance.now();
  try {
    return await readTrainingData(files, form, {
      onProgress: ({ what, unit, done, total = 0 }) => {
        const now = `${what} ${unit}`;
        if (now !== part) {
          bar?.stop();
          bar = undefined;
          part = now;
          since = performance.now();
        }
        if (unit === 'jets') {
          bar ??= progress(what, total, unit);
          bar.update(done);
        } else if (bar !== undefined || performance.now() - since > PATIENCE_MS) {
          bar ??= progress(`hash ${what}`, megabytes(total), 'MB');
          bar.update(megabytes(done));
        }
      },
    });
  } finally {
    bar?.stop();
  }
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

/** A request whose network is known by more than its name. */
export interface NetworkRequest extends RunRequest {
  readonly network: Network;
}

/**
 * Trains in a folder and shows loss, accuracy and how long it may take.
 *
 * @throws {JetError} as `trainRun`; CANCELLED on Ctrl-C, after which the same call with `resume` goes on
 */
export async function trainWithProgress(
  folder: string,
  request: NetworkRequest,
  training: Examples,
  validation: Examples,
): Promise<FitResult & { readonly run: Run }> {
  const { epochs } = settingsFor(request.network, request);
  const abort = new AbortController();
  const interrupt = (): void => {
    say(`\nstopping; go on with the same command and --resume`);
    abort.abort();
  };
  process.once('SIGINT', interrupt);
  const started = performance.now();
  let first: number | undefined;
  let validated = '';
  const bar = progress('train', epochs, 'epochs');
  try {
    return await trainRun(folder, request, training, validation, {
      signal: abort.signal,
      onWarning: (warning) => say(`\nwarning: ${warning}`),
      onBatch: ({ epoch, batch, batches, loss, accuracy, seconds: inEpoch, waited }) => {
        const done = epoch - 1 + batch / batches;
        first ??= epoch - 1;
        const seconds = (performance.now() - started) / 1000;
        const left = (seconds / (done - first)) * (epochs - done);
        const now = `loss ${loss.toFixed(4)} accuracy ${accuracy.toFixed(4)}`;
        const speed = Math.round(((batch / batches) * training.labels.length) / inEpoch);
        const waiting = `${((100 * waited) / inEpoch).toFixed(1)} % waiting for jets`;
        const memory = `${Math.round(process.memoryUsage.rss() / 1e6)} MB`;
        bar.update(
          epoch - 1,
          `${now}${validated}, ${speed} jets/s, ${waiting}, ${memory}, at most ${duration(left)} left`,
        );
      },
      onEpoch: ({ epoch, loss, accuracy, valLoss, valAccuracy }) => {
        validated = ` val_loss ${valLoss.toFixed(4)} val_accuracy ${valAccuracy.toFixed(4)}`;
        bar.update(epoch, `loss ${loss.toFixed(4)} accuracy ${accuracy.toFixed(4)}${validated}`);
      },
    });
  } finally {
    bar.stop();
    process.off('SIGINT', interrupt);
  }
}
