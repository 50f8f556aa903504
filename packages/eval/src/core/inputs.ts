/** @file What every metric asks of its inputs, checked in one place. */
import { JetError } from '@jetsdk/jets';

/** @throws {JetError} SHAPE_MISMATCH if the lengths differ */
export function checkLength(where: string, jets: number, what: string, length: number): void {
  if (length !== jets)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: ${length} ${what} for ${jets} labels; expected one of each a jet, in the same order`,
      { labels: jets, [what]: length },
    );
}

/**
 * Counts the signal jets.
 *
 * @throws {JetError} OUT_OF_RANGE if a label is neither 0 nor 1; DEGENERATE_METRIC if a class is absent
 */
export function checkLabels(where: string, labels: ArrayLike<number>): number {
  let signal = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (label === 1) signal++;
    else if (label !== 0)
      throw new JetError(
        'OUT_OF_RANGE',
        `${where}: label ${i} is ${label}; expected 0 (background) or 1 (signal) for every jet`,
        { index: i, label },
      );
  }
  if (signal === 0 || signal === labels.length)
    throw new JetError(
      'DEGENERATE_METRIC',
      `${where}: ${signal} signal and ${labels.length - signal} background jets; expected at least one of each`,
      { signal, background: labels.length - signal },
    );
  return signal;
}

/** @throws {JetError} NOT_FINITE naming the first value that is NaN or infinite */
export function checkFinite(where: string, what: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new JetError(
        'NOT_FINITE',
        `${where}: ${what} ${i} is ${values[i]}; expected a finite number for every jet`,
        {
          index: i,
          value: String(values[i]),
        },
      );
  }
}

/** @throws {JetError} NOT_FINITE or OUT_OF_RANGE naming the first weight that is not a finite number ≥ 0 */
export function checkWeights(where: string, weights: ArrayLike<number>): void {
  checkFinite(where, 'weight', weights);
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] < 0)
      throw new JetError(
        'OUT_OF_RANGE',
        `${where}: weight ${i} is ${weights[i]}; expected 0 or more: negative weights have no ROC curve`,
        { index: i, weight: weights[i] },
      );
  }
}

/** @throws {JetError} OUT_OF_RANGE unless low ≤ value ≤ high, or low < value where `open` */
export function checkRange(where: string, what: string, value: number, low: number, high: number, open = false): void {
  if (!(value <= high && (open ? value > low : value >= low)))
    throw new JetError(
      'OUT_OF_RANGE',
      `${where}: ${what} ${value}; expected ${open ? `more than ${low}, at most ${high}` : `from ${low} to ${high}`}`,
      { [what]: String(value), low, high },
    );
}
