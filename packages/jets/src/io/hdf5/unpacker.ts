/** @file What unpacks chunks of rows. */

/** Unpacks chunks, one after the other. */
export interface Unpacker {
  /** where a chunk of that many bytes is to be read to; undefined where it cannot be one */
  room(bytes: number): Uint8Array | undefined;
  /** @returns the rows of the chunk that was read, until the next is; undefined where it is damaged */
  unpack(chunk: Uint8Array): Uint8Array | undefined;
}
