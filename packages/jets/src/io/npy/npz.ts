/** @file NumPy `.npz` archives of arrays, over bytes alone. */

import { JetError } from '../../errors.js';
import { memoryFor } from '../../memoryBudget.js';
import { readZip, writeZip } from '../bytes/zip.js';
import { type NpyArray, readNpy, writeNpy } from './npy.js';

/** What a reader of bytes is told about them. */
export interface ReadNpzOptions {
  /** for messages */
  readonly name?: string;
  /** largest number of bytes accepted after decompression; default: half of the budget of memory, 2³¹ */
  readonly maxBytes?: number;
}

const MAX_MEMBERS = 256;
/** The archive format without its 64-bit extension, which the writer does not have. */
const MAX_WRITTEN = 2 ** 32 - 2 ** 20;

/**
 * Reads all arrays of an archive made by `numpy.savez` or `numpy.savez_compressed`.
 *
 * @param bytes the whole file; not modified. The result may share its memory.
 * @returns the arrays by name, without `.npy`
 * @throws {JetError} BAD_FILE, UNSUPPORTED, LIMIT_EXCEEDED as `readNpy`, or if the archive is truncated or corrupt
 */
export function readNpz(
  bytes: Uint8Array,
  { name = 'npz', maxBytes = memoryFor('archive') }: ReadNpzOptions = {},
): Map<string, NpyArray> {
  const arrays = new Map<string, NpyArray>();
  for (const [member, content] of readZip(bytes, name, { members: MAX_MEMBERS, bytes: maxBytes })) {
    if (!member.endsWith('.npy'))
      throw new JetError(
        'UNSUPPORTED',
        `${name}: member ${member} is not a .npy array; expected arrays only, as numpy.savez writes them`,
        {
          member,
        },
      );
    arrays.set(member.slice(0, -4), readNpy(content, { name: `${name}: ${member}` }));
  }
  return arrays;
}

/**
 * Writes arrays into an archive, compressed; the same arrays always give the same bytes.
 *
 * @throws {JetError} as `writeNpy`; LIMIT_EXCEEDED above 4 GB
 */
export function writeNpz(arrays: ReadonlyMap<string, NpyArray>): Uint8Array {
  const members = new Map([...arrays].map(([name, array]) => [`${name}.npy`, writeNpy(array)]));
  const total = [...members.values()].reduce((sum, { length }) => sum + length, 0);
  if (total > MAX_WRITTEN)
    throw new JetError('LIMIT_EXCEEDED', `writeNpz: ${total} bytes; expected at most ${MAX_WRITTEN}; write HDF5`, {
      bytes: total,
      limit: MAX_WRITTEN,
    });
  return writeZip(members);
}
