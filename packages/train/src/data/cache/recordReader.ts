import { readSync } from 'node:fs';
import { JetError, memoryFor } from '@jetsdk/jets';
import { memoryOf } from '../inputs.js';
import { decodeRecord, recordViews } from './records.js';

/** Where the records of a cache lie; plain data that can be sent to a thread of the process. */
export interface RecordFile {
  /** for messages */
  readonly path: string;
  readonly fd: number;
  /** (jets + 1) byte of the file at which each record begins, and the last one ends; shared between threads */
  readonly starts: Float64Array;
  /** [jets, ...shape of one jet] */
  readonly shape: readonly number[];
  /** numbers of a jet */
  readonly size: number;
}

/**
 * Jets by number.
 *
 * @param rows integers in [0, jets)
 * @param memory for the result, where it is large enough
 * @returns (rows × size)
 * @throws {JetError} BAD_FILE if the file is shorter than it was, or damaged
 */
export type RecordReader = (rows: Uint32Array, memory?: Float32Array) => Float32Array;

/** Bytes of records that are brought together before they are made dense; of one, if that is longer. */
const TOGETHER = 2 ** 20;

/** Bytes that are kept at most, whatever the budget of memory: what the system reads at once. */
const MOST = 2 ** 30;

/**
 * Reads jets of a cache by number. The beginning of the file is kept in memory, the rest is read when it is asked for.
 *
 * @param most bytes that are kept
 * @throws {JetError} BAD_FILE if the file is shorter than it was
 */
export function recordReader(
  { path, fd, starts, size }: RecordFile,
  most = Math.min(memoryFor('records'), MOST),
): RecordReader {
  const kept = Math.min(starts[starts.length - 1], most - (most % 4));
  // the beginning of the file, then the records that are brought together
  const bytes = new Uint8Array(kept + Math.max(TOGETHER, 4 * size));
  const views = recordViews(bytes.buffer);
  const read = (at: number, start: number, stop: number): void => {
    for (let done = start; done < stop; ) {
      const got = readSync(fd, bytes, at + done - start, stop - done, done);
      if (got === 0) throw damaged(path);
      done += got;
    }
  };
  read(0, 0, kept);

  /** Brings the records of `rows[first]` and the next ones together, as many as there is room for, and gives the row after them. */
  const bring = (rows: Uint32Array, first: number): number => {
    let row = first;
    for (let at = kept, from = -1; row < rows.length && row > from; ) {
      from = row;
      const start = starts[rows[row]];
      let stop = start;
      // neighbours at once
      while (row < rows.length && starts[rows[row]] === stop && at + starts[rows[row] + 1] - start <= bytes.length)
        stop = starts[rows[row++] + 1];
      if (stop <= kept) bytes.copyWithin(at, start, stop);
      else read(at, start, stop);
      at += stop - start;
    }
    return row;
  };

  return (rows, memory) => {
    const out = memoryOf(rows.length * size, memory);
    out.fill(0);
    for (let first = 0; first < rows.length; ) {
      // Fetched before any is decoded: places that the processor does not have at hand are then waited for together.
      const last = bring(rows, first);
      for (let at = kept; first < last; first++) {
        const length = starts[rows[first] + 1] - starts[rows[first]];
        if (!decodeRecord(views, at, length, out, first * size, size)) throw damaged(path);
        at += length;
      }
    }
    return out;
  };
}

function damaged(path: string): JetError {
  return new JetError(
    'BAD_FILE',
    `${path}: the cache was changed while it was read; expected it as it was opened; remove it (jetsdk data cache --clear) and begin again`,
    { path },
  );
}
