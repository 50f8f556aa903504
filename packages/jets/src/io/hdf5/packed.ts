/**
 * @file Rows of a compressed HDF5 dataset without the HDF5 library: any thread that knows where the chunks lie reads
 * them for itself.
 */
import type { PackedRows } from '../../source/packed.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import type { Inflate } from '../host.js';
import { compiledUnpacker } from './compiledUnpacker.js';
import { plainUnpacker } from './plainUnpacker.js';
import type { Unpacker } from './unpacker.js';

/** The bytes of some rows: valid only inside the callback that gets them. */
export interface RawRows {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** Takes the bytes of rows [first, last). */
export type UseRows = (rows: RawRows, first: number, last: number) => void;

/** What unpacks the chunks of some rows. */
export type UnpackerFor = (packed: PackedRows) => Unpacker;

/** In WebAssembly where that can be, or else by the decoder of the machine. */
export const unpackerWith =
  (inflate: Inflate): UnpackerFor =>
  (packed) =>
    compiledUnpacker(packed) ?? plainUnpacker(packed, inflate);

/**
 * Reads rows [start, stop), chunk by chunk, in order.
 *
 * @returns the row it came to: less than `stop` where a chunk is not what it should be
 */
export function readPacked(
  file: BinaryFile,
  unpackerFor: UnpackerFor,
  packed: PackedRows,
  start: number,
  stop: number,
  use: UseRows,
): number {
  const { chunks, chunkRows, rowBytes } = packed;
  const unpacker = unpackerFor(packed);
  for (let first = start; first < stop; ) {
    const index = Math.floor(first / chunkRows);
    const last = Math.min(stop, (index + 1) * chunkRows);
    const chunk = unpacker.room(Math.min(chunks[2 * index + 1], file.size));
    if (chunk === undefined || file.read(chunk, 0, chunk.length, chunks[2 * index]) !== chunk.length) return first;
    const rows = unpacker.unpack(chunk);
    if (rows === undefined) return first;
    const byteOffset = rows.byteOffset + (first - index * chunkRows) * rowBytes;
    use({ buffer: rows.buffer, byteOffset, byteLength: (last - first) * rowBytes }, first, last);
    first = last;
  }
  return stop;
}
