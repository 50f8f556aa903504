/** @file Training with a progress bar, for `train` and `demo`. */
import { formatCount, type InputForm } from '@jetsdk/jets';
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
import { type Progress, progress, say } from './terminal.js';
import { timeLeft, watchTraining } from './watchedTraining.js';

/** Hashing a file that takes longer than this is shown. */
const PATIENCE_MS = 1000;

/** `readTrainingData` with a bar for each part, and for each file that takes long to hash. */
export async function readWithProgress(files: TrainingFiles, form: InputForm | undefined): Promise<TrainingData> {
  let bar: Progress | undefined;
  let part = '';
  let since = performance.now();
  try {
    return await readTrainingData(files, form, {
      onWarning: (warning) => {
        bar?.stop();
        bar = undefined;
        say(`warning: ${warning}`);
      },
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
  const left = timeLeft(epochs);
  let validated = '';
  return watchTraining(({ signal, onWarning, stage }) => {
    const bar = stage('train', epochs, 'epochs');
    return trainRun(folder, request, training, validation, {
      signal,
      onWarning,
      onBatch: (progress) => {
        const { epoch, batch, batches, loss, accuracy, seconds, waited } = progress;
        const now = `loss ${loss.toFixed(4)} accuracy ${accuracy.toFixed(4)}`;
        const speed = formatCount(((batch / batches) * training.labels.length) / seconds);
        const waiting = `${((100 * waited) / seconds).toFixed(1)} % waiting for jets`;
        const memory = `${Math.round(process.memoryUsage.rss() / 1e6)} MB`;
        bar.update(epoch - 1, `${now}${validated}, ${speed} jets/s, ${waiting}, ${memory}, ${left(progress)}`);
      },
      onEpoch: ({ epoch, loss, accuracy, valLoss, valAccuracy }) => {
        validated = ` val_loss ${valLoss.toFixed(4)} val_accuracy ${valAccuracy.toFixed(4)}`;
        bar.update(epoch, `loss ${loss.toFixed(4)} accuracy ${accuracy.toFixed(4)}${validated}`);
      },
    });
  });
}
