/** @file Counts in bins that all classes share. */
import { JetError } from '@jetsdk/jets';
import { checkFinite } from '../parts/check.js';

/** The values of one class; background first, then signal. */
export interface ClassValues {
  readonly name: string;
  /** (n,) finite; not modified */
  readonly values: ArrayLike<number>;
}

/** One class in bins. */
export interface BinnedClass {
  readonly name: string;
  /** (bins,) values in each bin */
  readonly counts: ArrayLike<number>;
  /** values under the range */
  readonly below: number;
  /** values over the range */
  readonly above: number;
}

/** Several classes in the same equal bins. */
export interface Binned {
  readonly range: readonly [low: number, high: number];
  readonly classes: readonly BinnedClass[];
}

/**
 * Counts the values of each class; a value at the upper end counts in the last bin, values outside beside the bins.
 *
 * @param bins a whole number above 0
 * @param range rising
 * @throws {JetError} NOT_FINITE; BAD_ARGUMENT; OUT_OF_RANGE for an empty range
 */
export function binValues(
  classes: readonly ClassValues[],
  bins: number,
  [low, high]: readonly [low: number, high: number],
): Binned {
  checkBins('binValues', bins, [low, high]);
  const scale = bins / (high - low);
  return {
    range: [low, high],
    classes: classes.map(({ name, values }) => {
      checkFinite('binValues', `values of ${name}`, values);
      const counts = new Float64Array(bins);
      let [below, above] = [0, 0];
      for (let i = 0; i < values.length; i++) {
        const value = values[i];
        if (value < low) below++;
        else if (value > high) above++;
        else counts[Math.min(bins - 1, Math.floor((value - low) * scale))]++;
      }
      return { name, counts, below, above };
    }),
  };
}

/** All values of a class, those outside the range too. */
export function totalOf({ counts, below, above }: BinnedClass): number {
  let total = below + above;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  return total;
}

/**
 * Says how many values lie outside the range: of each class, of more than two the largest share.
 *
 * @returns e.g. `outside: top 0.4 %`; undefined where all lie inside
 */
export function outsideNote({ classes }: Binned): string | undefined {
  const beyond = classes.filter(({ below, above }) => below + above > 0);
  if (beyond.length === 0) return undefined;
  const share = (one: BinnedClass): number => (one.below + one.above) / totalOf(one);
  const percent = (fraction: number): string => (fraction < 0.001 ? '< 0.1 %' : `${(100 * fraction).toFixed(1)} %`);
  if (classes.length > 2) return `outside: at most ${percent(Math.max(...beyond.map(share)))}`;
  return `outside: ${beyond.map((one) => `${one.name} ${percent(share(one))}`).join(', ')}`;
}

/** @throws {JetError} BAD_ARGUMENT, OUT_OF_RANGE */
export function checkBins(where: string, bins: number, range: readonly [low: number, high: number]): void {
  if (!Number.isInteger(bins) || bins < 1)
    throw new JetError('BAD_ARGUMENT', `${where}: bins, got ${bins}; expected an integer of 1 or more`, { bins });
  if (!(range[0] < range[1]))
    throw new JetError('OUT_OF_RANGE', `${where}: range, got ${range[0]} to ${range[1]}; expected a rising pair`, {
      range,
    });
}
