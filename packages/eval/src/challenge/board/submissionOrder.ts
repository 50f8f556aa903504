/** @file Which submissions count: the earliest ones of each group. */
import { groupKey } from '../entry/entryName.js';
import { UNPROVEN } from '../entry/receipt.js';
import type { Rules } from '../rules.js';
import type { Entry } from './measuredEntry.js';

/** A file that is not ranked, and why. */
export interface Rejected {
  readonly file: string;
  readonly reason: string;
}

/** Whether a receipt vouches for an entry, or none is asked for. */
export function isProven({ flags = [] }: Entry): boolean {
  return !flags.some(({ code }) => UNPROVEN.includes(code));
}

/** Proven entries first; earlier first; without a time last; then by name. */
export function byTime(a: Entry, b: Entry): number {
  const proven = Number(isProven(b)) - Number(isProven(a));
  if (proven !== 0) return proven;
  const [early, late] = [a.submitted ?? Number.MAX_VALUE, b.submitted ?? Number.MAX_VALUE];
  return early - late || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0);
}

/** Parts off what a group sent beyond its limits: the latest. */
export function withinLimit(
  entries: readonly Entry[],
  { limitPerGroup: limit, perDay = Number.POSITIVE_INFINITY }: Pick<Rules, 'limitPerGroup' | 'perDay'>,
): { kept: Entry[]; rejected: Rejected[] } {
  const kept: Entry[] = [];
  const rejected: Rejected[] = [];
  const sent = new Map<string, number>();
  for (const entry of [...entries].sort(byTime)) {
    const key = groupKey(entry.group);
    const day = entry.submitted === undefined ? '' : dayOf(entry.submitted);
    const onDay = (sent.get(`${key} ${day}`) ?? 0) + 1;
    if (day !== '' && onDay > perDay) {
      rejected.push({
        file: entry.file,
        reason: `submission ${onDay} of group ${entry.group} on ${day}; expected at most ${perDay} per day, the earliest count`,
      });
      continue;
    }
    sent.set(`${key} ${day}`, onDay);
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

/** The day of a time, UTC: 2027-01-31. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
