/** @file Constituents that are none: files fill jets of fewer constituents with a value such as −999 or NaN. */
import { counted } from '../counted.js';
import { JetError } from '../errors.js';
import { BESIDE, type Beside } from '../jets.js';

/** The value that all numbers of a padded constituent have, also ±Infinity. */
export type Padding = number | 'nan';

/** Names under which files tell the number of constituents of each jet, the first one found counts. */
export const COUNT_NAMES = [
  'n_constituents',
  'num_constituents',
  'nconstituents',
  'n_particles',
  'num_particles',
  'nparticles',
  'jet_nparticles',
  'multiplicity',
];

/** Whether a number is the padding, as float32 has it. */
export function isPadding(padding: Padding): (value: number) => boolean {
  if (padding === 'nan') return Number.isNaN;
  const value = Math.fround(padding);
  return (number) => Math.fround(number) === value;
}

/** @throws {JetError} BAD_ARGUMENT */
export function checkPadding(padding: unknown): void {
  if (padding !== undefined && padding !== 'nan' && (typeof padding !== 'number' || Number.isNaN(padding)))
    throw new JetError(
      'BAD_ARGUMENT',
      `option padding: got ${String(padding)}; expected a number such as -999, or 'nan'`,
    );
}

/**
 * Sets padded constituents, and what is beside them, to zero.
 *
 * @param data (jets, constituents, 4)
 * @param first number of the first jet, for messages
 * @param counts constituents of each of the jets, where the file tells them: what is behind is padding whatever it is
 * @throws {JetError} BAD_DATASET if a constituent within the count is padding
 */
export function clearPadding(
  name: string,
  data: Float32Array,
  beside: Beside,
  constituents: number,
  padding: Padding,
  first: number,
  counts: ArrayLike<number> | undefined,
): void {
  const padded = isPadding(padding);
  for (let i = 0, at = 0; at < data.length; i++, at += 4) {
    const jet = Math.floor(i / constituents);
    const slot = i - jet * constituents;
    const none = padded(data[at]) && padded(data[at + 1]) && padded(data[at + 2]) && padded(data[at + 3]);
    const behind = counts !== undefined && slot >= counts[jet];
    if (none && counts !== undefined && !behind)
      throw new JetError(
        'BAD_DATASET',
        `${name}: constituent ${slot} of jet ${first + jet} is padding (${padding}); expected ${counted(counts[jet], 'constituent')}, as the file says`,
        { jet: first + jet, constituent: slot },
      );
    if (!none && !behind) continue;
    data.fill(0, at, at + 4);
    for (const key of BESIDE) beside[key]?.fill(0, i, i + 1);
  }
}
