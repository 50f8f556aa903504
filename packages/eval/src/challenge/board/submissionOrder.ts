/** @file Which submissions count: the earliest ones of each group. */
import { groupKey } from '../entry/entryName.js';
import type { Entry } from './measuredEntry.js';

/** A file that is not ranked, and why. */
export interface Rejected {
  readonly file: string;
  readonly reason: string;
}

/** Earlier first; without a time last; then by name. */
export function byTime(a: Entry, b: Entry): number {
  const [early, late] = [a.submitted ?? Number.MAX_VALUE, b.submitted ?? Number.MAX_VALUE];
  return early - late || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0);
}

/** Parts off what a group sent beyond its limit: the latest. */
export function withinLimit(entries: readonly Entry[], limit: number): { kept: Entry[]; rejected: Rejected[] } {
  const kept: Entry[] = [];
  const rejected: Rejected[] = [];
  const sent = new Map<string, number>();
  for (const entry of [...entries].sort(byTime)) {
    const key = groupKey(entry.group);
    const number = (sent.get(key) ?? 0) + 1;
    sent.set(key, number);
    if (number <= limit) kept.push(entry);
    else
      rejected.push({
        file: entry.file,
        reason: `submission ${number} of group ${entry.group}; expected at most ${limit}, the earliest count`,
      });
  }
  return { kept: kept.sort((a, b) => (a.file < b.file ? -1 : 1)), rejected };
}
