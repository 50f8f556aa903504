/** @file gzip with its check sum, which decompressors made for speed pass over. */
import { inflateSync } from 'fflate';
import { crc32 } from './zip.js';

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const FLAG = { headerSum: 2, extra: 4, name: 8, comment: 16 };

/**
 * Decompresses one gzip member.
 *
 * @param size of the result in bytes; no more memory is taken
 * @throws {Error} if it is no gzip, has another size, or its check sum does not fit
 * @see https://www.rfc-editor.org/rfc/rfc1952 section 2.3
 */
export function gunzip(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length < HEADER_BYTES + TRAILER_BYTES || bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8)
    throw new Error(`${bytes.length} bytes that are no gzip`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = bytes[3];
  let start = HEADER_BYTES;
  if (flags & FLAG.extra) start += 2 + view.getUint16(start, true);
  for (const flag of [FLAG.name, FLAG.comment]) if (flags & flag) start = bytes.indexOf(0, start) + 1;
  if (flags & FLAG.headerSum) start += 2;
  const end = bytes.length - TRAILER_BYTES;
  if (start < HEADER_BYTES || start > end) throw new Error('a gzip header without end');
  const content = inflateSync(bytes.subarray(start, end), { out: new Uint8Array(size) });
  if (content.length !== size || view.getUint32(end + 4, true) !== size)
    throw new Error(
      `${content.length} bytes after decompression, ${view.getUint32(end + 4, true)} announced; expected ${size}`,
    );
  if (crc32(content) !== view.getUint32(end, true)) throw new Error('the check sum is wrong');
  return content;
}
