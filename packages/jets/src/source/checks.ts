/** @file What every source refuses. */

import { counted } from '../counted.js';
import { requireMembers } from '../door.js';
import { JetError } from '../errors.js';

const MAX_JETS = 1e8;

/** @throws {JetError} BAD_ARGUMENT unless jets can be read from it */
export function requireSource(where: string, source: unknown): void {
  const expected = 'a source of jets; open a file with await openJets(path), or give memorySource(jets)';
  requireMembers(where, source, ['read', 'count', 'labels'], expected);
}

/** Checks the number of jets a file claims to have. */
export function checkCount(name: string, count: number): void {
  if (count > MAX_JETS)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: ${counted(count, 'jet')}; expected at most ${MAX_JETS}; split the file`,
      {
        jets: count,
        limit: MAX_JETS,
      },
    );
}

/** Checks a range of jets. */
export function checkRange(name: string, start: number, stop: number, count: number): void {
  if (!(Number.isInteger(start) && Number.isInteger(stop) && start >= 0 && start <= stop && stop <= count))
    throw new JetError('OUT_OF_RANGE', `${name}: jets ${start} to ${stop}; expected 0 ≤ start ≤ stop ≤ ${count}`, {
      start,
      stop,
      count,
    });
}

/** Checks that what lies beside the jets is as long as they are. */
export function checkBeside(name: string, jets: number, what: string, length: number | undefined): void {
  if (length !== undefined && length !== jets)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${name}: ${counted(jets, 'jet')}, ${length} ${what}; expected one of each per jet`,
      {
        jets,
        [what]: length,
      },
    );
}
