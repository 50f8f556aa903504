/** @file How much memory reading may take: one budget for every format, and what of it one thing may have. */
import { JetError } from './errors.js';
import { shortText } from './quoted.js';

const VARIABLE = 'JETSDK_MEMORY';
const DEFAULT_BYTES = 2 ** 32;
const LEAST_BYTES = 2 ** 26;
const UNITS: Readonly<Record<string, number>> = { B: 1, MB: 1e6, GB: 1e9, MIB: 2 ** 20, GIB: 2 ** 30 };

/** Of the budget. */
const SHARES = {
  /** all inputs of a network */
  inputs: 1,
  /** jets that are read at once */
  slice: 1,
  /** members of an archive */
  archive: 1 / 2,
  /** numbers alive at once while a network runs */
  run: 1 / 4,
  /** constituents of a block of jets in all columns of a table */
  block: 1 / 4,
  /** what is decompressed as one: a chunk of HDF5, a page of Parquet, a basket or record of ROOT */
  piece: 1 / 16,
  /** what a training keeps of the file of its inputs */
  records: 3 / 64,
  /** a JSON text, whose values take some twenty times as much */
  json: 1 / 64,
};

/** What a budget is asked for. */
export type MemoryShare = keyof typeof SHARES;

/** What may be read is in proportion to it; ends a message. */
export const MEMORY_REMEDY = `or allow more memory with ${VARIABLE}=8GB`;

/** Where there is no environment, in a page. */
let chosen = '';

/** Of JavaScript engines, what only Node has. */
function environment(): Record<string, string | undefined> | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env;
}

/**
 * Sets how much memory reading may take from here on, in all formats together: 4 GiB unless the environment variable
 * `JETSDK_MEMORY` says otherwise, which this sets. Threads and processes that are started later have it too; a worker of a
 * page sets its own.
 *
 * @param size a number of bytes, or a text such as `2GB` or `512MiB`; at least 64 MiB
 * @throws {JetError} BAD_ARGUMENT for another
 */
export function setMemoryBudget(size: number | string): void {
  const text = typeof size === 'number' ? `${size}B` : size;
  bytesOf(text, 'memory');
  const env = environment();
  if (env === undefined) chosen = text;
  else env[VARIABLE] = text;
}

/**
 * Bytes that one thing may take: its share of 4 GiB, or of what `setMemoryBudget` or the environment variable
 * `JETSDK_MEMORY` say.
 *
 * @throws {JetError} BAD_ARGUMENT if the variable is no size of at least 64 MiB
 */
export function memoryFor(share: MemoryShare): number {
  const text = environment()?.[VARIABLE] ?? chosen;
  return Math.floor((text === '' ? DEFAULT_BYTES : bytesOf(text, VARIABLE)) * SHARES[share]);
}

/**
 * Refuses before memory is taken.
 *
 * @param what takes it, e.g. `a.h5: images of 10 jets`
 * @param remedy e.g. `take fewer jets`
 * @throws {JetError} LIMIT_EXCEEDED above the share
 */
export function requireMemory(share: MemoryShare, bytes: number, what: string, remedy: string): void {
  const limit = memoryFor(share);
  if (bytes > limit)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${what} take ${bytes} bytes; expected at most ${limit}; ${remedy}, ${MEMORY_REMEDY}`,
      { bytes, limit },
    );
}

function bytesOf(text: string, where: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?((?:[MG]i?)?B)$/i.exec(text) ?? [];
  const bytes = Number(number) * (UNITS[unit.toUpperCase()] ?? Number.NaN);
  if (!(bytes >= LEAST_BYTES && Number.isFinite(bytes)))
    throw new JetError(
      'BAD_ARGUMENT',
      `${where}: got ${shortText(text)}; expected a size of at least 64MiB, such as 2GB or 512MiB`,
      { got: shortText(text) },
    );
  return bytes;
}
