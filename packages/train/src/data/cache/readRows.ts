import { readSync } from 'node:fs';
import { JetError } from '@jetsdk/jets';
import { memoryOf } from '../inputs.js';
import { decodeRecord } from './records.js';

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

/** Bytes read at once where records are neighbours. */
const AT_ONCE = 2 ** 20;

/**
 * Reads jets of a cache by number.
 *
 * @param rows integers in [0, jets)
 * @param memory for the result, where it is large enough
 * @returns (rows × size)
 * @throws {JetError} BAD_FILE if the file is shorter than it was, or damaged
 */
export function readRows(
  { path, fd, starts, size }: RecordFile,
  rows: Uint32Array,
  memory?: Float32Array,
): Float32Array {
  const out = memoryOf(rows.length * size, memory);
  out.fill(0);
  for (let first = 0; first < rows.length; ) {
    const start = starts[rows[first]];
    let last = first + 1;
    while (last < rows.length && rows[last] === rows[last - 1] + 1 && starts[rows[last] + 1] - start <= AT_ONCE) last++;
    const bytes = starts[rows[last - 1] + 1] - start;
    const packed = scratchOf(bytes);
    if (readWhole(fd, packed, bytes, start) < bytes) throw damaged(path);
    for (; first < last; first++) {
      const [from, to] = [starts[rows[first]], starts[rows[first] + 1]];
      if (!decodeRecord(packed.buffer, from - start, to - from, out, first * size, size)) throw damaged(path);
    }
  }
  return out;
}

let scratch = new Uint8Array(new ArrayBuffer(2 ** 16));

function scratchOf(bytes: number): Uint8Array<ArrayBuffer> {
  if (scratch.length < bytes) scratch = new Uint8Array(new ArrayBuffer(bytes));
  return scratch;
}

function readWhole(fd: number, into: Uint8Array, bytes: number, position: number): number {
  let done = 0;
  while (done < bytes) {
    const got = readSync(fd, into, done, bytes - done, position + done);
    if (got === 0) break;
    done += got;
  }
  return done;
}

function damaged(path: string): JetError {
  return new JetError(
    'BAD_FILE',
    `${path}: the cache was changed while it was read; expected it as it was opened; remove it (jetsdk data cache --clear) and begin again`,
    { path },
  );
}
