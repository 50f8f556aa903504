/** @file What every metric asks of its inputs, checked in one place. */
import { counted, JetError, quoted, requireOptions } from '@jetsdk/jets';

/** What every metric takes in its options. */
export interface Weighted {
  /**
   * (n,) finite; every jet counts once where left out; not modified. Weights below 0, as of events beyond leading order,
   * are summed with their sign.
   */
  readonly weights?: ArrayLike<number> | undefined;
}

/**
 * Refuses what is no array of numbers, as callers without types hand it over.
 *
 * @throws {JetError} BAD_ARGUMENT
 */
export function checkArray(where: string, what: string, values: unknown): void {
  if (Array.isArray(values) ? typeof values[0] !== 'object' : isNumbers(values)) return;
  const [got, remedy] = mistaken(what, values);
  throw new JetError(
    'BAD_ARGUMENT',
    `${where}: ${what}, got ${got}; expected an array of numbers, one per jet${remedy === undefined ? '' : `; ${remedy}`}`,
    { what },
  );
}

function isNumbers(values: unknown): boolean {
  if (ArrayBuffer.isView(values)) return !(values instanceof DataView) && !/^Big/.test(values.constructor.name);
  return typeof values === 'object' && values !== null && 'length' in values && typeof values.length === 'number';
}

function mistaken(what: string, values: unknown): readonly [got: string, remedy?: string] {
  if (ArrayBuffer.isView(values)) return [`a ${values.constructor.name}`, `Float64Array.from(${what}, Number)`];
  if (Array.isArray(values)) return ['a list of lists', `${what}.flat()`];
  if (typeof values === 'object' && values !== null) {
    if ('then' in values) return ['a promise', 'await it'];
    if ('shape' in values && Array.isArray(values.shape) && values.shape[1] > 1)
      return [`a table of shape (${values.shape.join(', ')})`, 'multiClass takes several classes'];
    if ('data' in values) return ['an object with data', `pass ${what}.data`];
    return ['an object'];
  }
  return [typeof values === 'function' ? 'a function' : quoted(values)];
}

/** The names of options, all of them. */
export type OptionNames<O> = Readonly<Record<keyof O, true>>;

/** @throws {JetError} BAD_ARGUMENT if the options are no object, such as weights in their place, or one is not known */
export function checkOptions<O extends object>(where: string, options: O, names: OptionNames<O>): void {
  if (typeof options === 'object' && options !== null && !ArrayBuffer.isView(options) && !Array.isArray(options)) {
    requireOptions(where, options, Object.keys(names));
    return;
  }
  const got = Array.isArray(options) || ArrayBuffer.isView(options) ? 'an array' : quoted(options);
  throw new JetError('BAD_ARGUMENT', `${where}: options, got ${got}; expected an object such as { weights }`);
}

/** @throws {JetError} SHAPE_MISMATCH if the lengths differ */
export function checkLength(where: string, jets: number, what: string, length: number): void {
  if (length !== jets)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${where}: ${length} ${what} for ${counted(jets, 'label')}; expected one of each per jet, in the same order`,
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
        `${where}: label ${i} is ${quoted(label)}; expected 0 (background) or 1 (signal) for every jet`,
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
        `${where}: ${what} ${i} is ${quoted(values[i])}; expected a finite number for every jet`,
        { index: i, value: quoted(values[i]) },
      );
  }
}

/**
 * What is given for each jet beside its score: masses, weights.
 *
 * @throws {JetError} BAD_ARGUMENT, SHAPE_MISMATCH, NOT_FINITE
 */
export function checkColumn(
  where: string,
  jets: number,
  [one, many]: readonly [one: string, many: string],
  values: ArrayLike<number>,
): void {
  checkArray(where, many, values);
  checkLength(where, jets, many, values.length);
  checkFinite(where, one, values);
}

/** @throws {JetError} as `checkColumn` */
export function checkWeights(where: string, jets: number, weights: ArrayLike<number>): void {
  checkColumn(where, jets, ['weight', 'weights'], weights);
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
