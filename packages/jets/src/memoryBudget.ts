/** @file How much memory reading may take: one budget for every format, and what of it one thing may have. */
import { JetError } from './errors.js';
import { shortText } from './quoted.js';

const VARIABLE = 'JETSDK_MEMORY';
const DEFAULT_BYTES = 2 ** 32;
const LEAST_BYTES = 2 ** 26;
const UNITS: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, MIB: 2 ** 20, GIB: 2 ** 30 };

/** Of the budget. */
const SHARES = {
  /** all inputs of a network */
  inputs: 1,
  /** jets that are read at once */
  slice: 1,
  /** members of an archive */
  archive: 1 / 2,
  /** constituents of a block of jets in all columns of a table */
  block: 1 / 4,
  /** what is decompressed as one: a chunk of HDF5, a page of Parquet, a basket or record of ROOT */
  piece: 1 / 16,
};

/** What a budget is asked for. */
export type MemoryShare = keyof typeof SHARES;

/** What may be read is in proportion to it; ends a message. */
export const MEMORY_REMEDY = `or allow more memory with ${VARIABLE}, e.g. ${VARIABLE}=8GB`;

/**
 * Bytes that one thing may take: its share of 4 GiB, or of what the environment variable `JETSDK_MEMORY` says, as 2GB or
 * 512MiB.
 *
 * @throws {JetError} BAD_ARGUMENT if the variable is no size of at least 64 MiB
 */
export function memoryFor(share: MemoryShare): number {
  return Math.floor(budget() * SHARES[share]);
}

function budget(): number {
  const { process } = globalThis as { process?: { env?: Readonly<Record<string, string | undefined>> } };
  const text = process?.env?.[VARIABLE];
  if (text === undefined || text === '') return DEFAULT_BYTES;
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([MG]i?B)$/i.exec(text) ?? [];
  const bytes = Number(number) * (UNITS[unit.toUpperCase()] ?? Number.NaN);
  if (!(bytes >= LEAST_BYTES && Number.isFinite(bytes)))
    throw new JetError(
      'BAD_ARGUMENT',
      `${VARIABLE}: got ${shortText(text)}; expected a size of at least 64MiB, such as 2GB or 512MiB`,
      { got: shortText(text) },
    );
  return bytes;
}
