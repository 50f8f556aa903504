import { JetError, quoted } from '@jetsdk/jets';
import type { EpochLosses } from './history.js';

/** How the learning rate changes from epoch to epoch. */
export type Schedule =
  /** times `factor` after every `every` epochs */
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }
  /** from the learning rate down to `final` times it, along a half cosine over all epochs */
  | { readonly kind: 'cosine'; readonly final: number }
  /** times `factor` after `patience` epochs without a smaller validation loss */
  | { readonly kind: 'plateau'; readonly patience: number; readonly factor: number };

/**
 * The learning rate of the next epoch.
 *
 * @param start learning rate of the first epoch
 * @param epochs largest number of epochs
 * @param history of the epochs before
 */
export function learningRateAfter(
  schedule: Schedule | undefined,
  start: number,
  epochs: number,
  history: readonly Pick<EpochLosses, 'valLoss'>[],
): number {
  const done = history.length;
  if (schedule === undefined || done === 0) return start;
  if (schedule.kind === 'step') return start * schedule.factor ** Math.floor(done / schedule.every);
  if (schedule.kind === 'cosine') {
    const progress = (1 + Math.cos((Math.PI * done) / epochs)) / 2;
    return start * (schedule.final + (1 - schedule.final) * progress);
  }
  let [rate, best, since] = [start, Infinity, 0];
  for (const { valLoss } of history) {
    since = valLoss < best ? 0 : since + 1;
    best = Math.min(best, valLoss);
    if (since === schedule.patience) [rate, since] = [rate * schedule.factor, 0];
  }
  return rate;
}

/** @throws {JetError} OUT_OF_RANGE for a setting without meaning */
export function checkSchedule(schedule: Schedule): void {
  const fraction = schedule.kind === 'cosine' ? schedule.final : schedule.factor;
  const epochs = schedule.kind === 'cosine' ? 1 : schedule.kind === 'step' ? schedule.every : schedule.patience;
  if (!(fraction >= 0 && fraction <= 1) || !Number.isInteger(epochs) || epochs < 1)
    throw new JetError(
      'OUT_OF_RANGE',
      `schedule ${quoted(schedule)}: expected fractions from 0 to 1 and whole epochs from 1`,
    );
}
