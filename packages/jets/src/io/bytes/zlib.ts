/** @file zlib streams with their check sum, where the machine has no decoder of its own. */
import { inflateSync } from 'fflate';

const HEADER_BYTES = 2;
const SUM_BYTES = 4;
const DEFLATE = 8;
const DICTIONARY = 0x20;

/**
 * Decompresses a zlib stream.
 *
 * @param into as long as the result at least; no more memory is taken
 * @returns the part of `into` that is filled
 * @throws {Error} if it is no zlib stream, is longer than `into`, or its check sum does not fit
 * @see https://www.rfc-editor.org/rfc/rfc1950 section 2.2
 */
export function unzlib(bytes: Uint8Array, into: Uint8Array): Uint8Array {
  const end = bytes.length - SUM_BYTES;
  const isZlib = (bytes[0] & 15) === DEFLATE && (bytes[0] * 256 + bytes[1]) % 31 === 0 && (bytes[1] & DICTIONARY) === 0;
  if (end < HEADER_BYTES || !isZlib) throw new Error(`${bytes.length} bytes that are no zlib stream`);
  const content = inflateSync(bytes.subarray(HEADER_BYTES, end), { out: into });
  const sum = new DataView(bytes.buffer, bytes.byteOffset + end, SUM_BYTES).getUint32(0);
  if (adler32(content) !== sum) throw new Error('the check sum is wrong');
  return content;
}

/** @see https://www.rfc-editor.org/rfc/rfc1950 section 9 */
export function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (let i = 0; i < bytes.length; ) {
    // Sums of 3800 bytes stay below 2^31.
    for (const stop = Math.min(bytes.length, i + 3800); i < stop; i++) b += a += bytes[i];
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
