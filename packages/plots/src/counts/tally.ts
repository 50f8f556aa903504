/** @file Histograms of values that come one by one, with a range that nobody knows beforehand. */
import { JetError } from '@jetsdk/jets';
import type { Binned } from './binned.js';

/** Counts values of several classes; memory does not grow with their number. */
export interface Tally {
  /**
   * @param label index of the class
   * @throws {JetError} NOT_FINITE; OUT_OF_RANGE if there is no such class
   */
  add(label: number, value: number): void;
  /** (classes,) values so far */
  readonly counts: readonly number[];
  /**
   * The values in equal bins of a round width, over a range that leaves at most one in 200 of each class on either
   * side; it begins at 0 where the values come near.
   *
   * @param about how many bins, to within a factor of 2; default 50
   * @throws {JetError} BAD_ARGUMENT if there are no values
   */
  binned(about?: number): Binned;
}

/** Cells that are kept at a time; with more, ten become one. */
const CELLS = 8192;
/** Values that differ by less than so many cells are one value, which gets room on both sides. */
const FEW = 10;
/** Power of the finest cells: beyond it lie the numbers that have no full precision. */
const FINEST = -300;
/** Share of a class that may lie on either side of the range. */
const TAIL = 1 / 200;

/**
 * A tally in cells of a power of ten, which grow where the values spread.
 *
 * @param names of the classes
 * @param options `whole`: values are whole numbers, no bin is narrower than 1
 */
export function tally(names: readonly string[], { whole = false }: { readonly whole?: boolean } = {}): Tally {
  const counts = names.map(() => 0);
  let cells = names.map(() => new Map<number, number>());
  let used = 0;
  // a cell with number k holds the values from k to k + 1, times ten to this power
  let power = whole ? 0 : Number.NaN;

  const coarsen = (): void => {
    power++;
    used = 0;
    cells = cells.map((fine) => {
      const coarse = new Map<number, number>();
      for (const [cell, count] of fine) {
        const into = Math.floor(cell / 10);
        coarse.set(into, (coarse.get(into) ?? 0) + count);
      }
      used += coarse.size;
      return coarse;
    });
  };

  return {
    counts,
    add(label, value) {
      const mine = cells[label];
      if (mine === undefined)
        throw new JetError(
          'OUT_OF_RANGE',
          `tally: class ${label} of ${names.length}; expected 0 to ${names.length - 1}`,
          {
            label,
            classes: names.length,
          },
        );
      if (!Number.isFinite(value))
        throw new JetError('NOT_FINITE', `tally: a value of ${names[label]} is ${value}; expected finite numbers`, {
          label,
          value: String(value),
        });
      if (Number.isNaN(power)) power = value === 0 ? -6 : Math.max(FINEST, Math.floor(Math.log10(Math.abs(value))) - 6);
      while (Math.abs(value) >= Number.MAX_SAFE_INTEGER * 10 ** power) coarsen();
      let cell = cellOf(value, power);
      if (!mine.has(cell) && used >= CELLS) {
        while (used >= CELLS) coarsen();
        cell = cellOf(value, power);
      }
      const now = cells[label];
      const before = now.get(cell);
      if (before === undefined) used++;
      now.set(cell, (before ?? 0) + 1);
      counts[label]++;
    },
    binned(about = 50) {
      const filled = cells.filter(({ size }) => size > 0);
      if (filled.length === 0)
        throw new JetError('BAD_ARGUMENT', 'tally: values, got 0; expected at least 1', { got: 0, expected: 1 });
      const ends = filled.map(coreOf);
      let low = Math.min(...ends.map(([first]) => first));
      let high = Math.max(...ends.map(([, last]) => last)) + 1;
      if (!whole && high - low < FEW) {
        const margin = Math.max(Math.abs(low), FEW) / 2;
        low -= margin;
        high += margin;
      }
      if (low > 0 && low < 0.3 * high) low = 0;
      const step = roundCells((high - low) / about);
      const first = Math.floor(low / step);
      const last = Math.ceil(high / step);
      const edge = (index: number): number => timesPower(index * step, power);
      return {
        range: [edge(first), edge(last)],
        classes: cells.map((mine, label) => {
          const bins = new Float64Array(last - first);
          let [below, above] = [0, 0];
          for (const [cell, count] of mine) {
            const bin = Math.floor(cell / step) - first;
            if (bin < 0) below += count;
            else if (bin >= bins.length) above += count;
            else bins[bin] = bins[bin] + count;
          }
          return { name: names[label], counts: bins, below, above };
        }),
      };
    },
  };
}

/** Powers of ten are exact from 1 on: a negative power multiplies. */
function timesPower(value: number, power: number): number {
  return power < 0 ? value / 10 ** -power : value * 10 ** power;
}

function cellOf(value: number, power: number): number {
  return Math.floor(timesPower(value, -power));
}

/** First and last cell of a class without its tails. */
function coreOf(cells: ReadonlyMap<number, number>): [first: number, last: number] {
  const sorted = [...cells].sort(([a], [b]) => a - b);
  const most = TAIL * sorted.reduce((sum, [, count]) => sum + count, 0);
  const end = (from: Iterable<readonly [number, number]>): number => {
    let passed = 0;
    for (const [cell, count] of from) {
      passed += count;
      if (passed > most) return cell;
    }
    return sorted[0][0];
  };
  return [end(sorted), end(sorted.toReversed())];
}

/** The one of 1, 2, 5, 10, 20, … cells that is next to so many. */
function roundCells(about: number): number {
  if (about <= 1) return 1;
  const ten = 10 ** Math.floor(Math.log10(about) + 1e-12);
  const digit = about / ten;
  return (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10) * ten;
}
