/** @file Node's zlib. */
import { inflateSync } from 'node:zlib';

/**
 * Decompresses a zlib stream. Room for more than the result spares zlib a second round to see that it has ended.
 *
 * @param size of the result in bytes
 * @throws {RangeError} if there is more than `size`
 */
export const inflate = (bytes: Uint8Array, size: number): Uint8Array =>
  inflateSync(bytes, { chunkSize: size + 64, maxOutputLength: Math.max(1, size) });
