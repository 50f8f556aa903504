/** @file How jets are shared out among the jobs of a farm. */
import { JetError } from '@jetsdk/jets';

/** One of `of` equal parts of the work. */
export interface Shard {
  /** from 0, as HTCondor counts processes */
  readonly index: number;
  readonly of: number;
}

/** Consecutive jets [start, stop). */
export interface JetRange {
  readonly start: number;
  readonly stop: number;
}

/** More files in one folder than this are no help to anybody. */
const MAX_SHARDS = 1_000_000;

/**
 * Reads `i/n`.
 *
 * @throws {JetError} BAD_ARGUMENT unless 0 ≤ i < n ≤ 1,000,000
 */
export function parseShard(text: string): Shard {
  const [, index, of] = /^(\d{1,7})\/(\d{1,7})$/.exec(text) ?? [];
  if (index === undefined || of === undefined)
    throw new JetError(
      'BAD_ARGUMENT',
      `shard: got ${text}; expected i/n with i from 0 to n − 1, for example 0/100 for the first of 100`,
      { shard: text },
    );
  const shard = { index: Number(index), of: Number(of) };
  requireShard(shard);
  return shard;
}

/** Whether 0 ≤ index < of ≤ 1,000,000. */
export function isShard({ index, of }: Shard): boolean {
  return Number.isInteger(of) && of <= MAX_SHARDS && Number.isInteger(index) && index >= 0 && index < of;
}

function requireShard(shard: Shard): void {
  const { index, of } = shard;
  if (isShard(shard)) return;
  throw new JetError(
    'BAD_ARGUMENT',
    `shard: number ${index} of ${of}; expected 0 to n − 1 of n, n at most ${MAX_SHARDS}; the first shard is number 0`,
    { index, of },
  );
}

/**
 * The jets of one shard: together the shards cover every jet once, in order, and their sizes differ by at most one.
 *
 * @param jets in all files together
 * @throws {JetError} BAD_ARGUMENT unless 0 ≤ index < of
 */
export function shardRange(jets: number, shard: Shard): JetRange {
  requireShard(shard);
  const { index, of } = shard;
  const least = Math.floor(jets / of);
  const larger = jets % of;
  const start = index * least + Math.min(index, larger);
  return { start, stop: start + least + (index < larger ? 1 : 0) };
}
