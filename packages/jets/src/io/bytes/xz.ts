/** @file The check sums of an .xz stream, which decompressors of LZMA pass over. */
import { crc32 } from './zip.js';

const HEAD_BYTES = 12;
const FOOT_BYTES = 12;
const MAGIC = 0x587a37fd;
const FOOT_MAGIC = 0x5a59;
/** Bytes of a check, by its number. */
const CHECK_BYTES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const CRC32 = 1;
const CRC64 = 4;

/**
 * Looks at the sums of a stream: of its header, index and foot, and the CRC-32 or CRC-64 of what was decompressed.
 *
 * @param bytes one stream, from the first to the last byte
 * @throws {Error} if it is none, or a sum does not fit
 * @see https://tukaani.org/xz/xz-file-format.txt
 */
export function checkXz(bytes: Uint8Array, content: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const foot = bytes.length - FOOT_BYTES;
  const isXz =
    foot >= HEAD_BYTES && view.getUint32(0, true) === MAGIC && view.getUint16(foot + 10, true) === FOOT_MAGIC;
  if (!isXz) throw new Error(`${bytes.length} bytes that are no .xz stream`);
  const requireSum = (start: number, end: number, at: number): void => {
    if (crc32(bytes.subarray(start, end)) !== view.getUint32(at, true)) throw new Error('the check sum is wrong');
  };
  requireSum(6, 8, 8);
  requireSum(foot + 4, foot + 10, foot);
  const check = view.getUint8(7) & 15;
  const index = foot - 4 * (view.getUint32(foot + 4, true) + 1);
  if (index < HEAD_BYTES) throw new Error(`an index at byte ${index}`);
  requireSum(index, foot - 4, foot - 4);
  let [at, from] = [HEAD_BYTES, 0];
  for (const { stored, size } of recordsOf(bytes.subarray(index, foot - 4))) {
    const sumAt = at + Math.ceil((stored - CHECK_BYTES[check]) / 4) * 4;
    at = sumAt + CHECK_BYTES[check];
    if (at > index || from + size > content.length) throw new Error(`a block of ${stored} bytes that hold ${size}`);
    const part = content.subarray(from, from + size);
    const fits =
      check === CRC32
        ? crc32(part) === view.getUint32(sumAt, true)
        : check !== CRC64 || crc64(part) === view.getBigUint64(sumAt, true);
    if (!fits) throw new Error('the check sum is wrong');
    from += size;
  }
  if (at !== index || from !== content.length)
    throw new Error(`blocks of ${from} bytes in ${at}; expected ${content.length} in ${index}`);
}

/** Bytes of every block, stored without padding, and decompressed. */
function recordsOf(index: Uint8Array): { readonly stored: number; readonly size: number }[] {
  let at = 1;
  const next = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      if (at >= index.length || scale > 2 ** 49) throw new Error('an index that is cut off');
      const byte = index[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  const count = next();
  if (count > index.length) throw new Error(`an index of ${count} blocks`);
  return Array.from({ length: count }, () => ({ stored: next(), size: next() }));
}

/** Low and high halves of the sums of single bytes, by the polynomial of ECMA-182, reflected. */
let table: { readonly low: Uint32Array; readonly high: Uint32Array } | undefined;

function tableOf(): { readonly low: Uint32Array; readonly high: Uint32Array } {
  const [low, high] = [new Uint32Array(256), new Uint32Array(256)];
  for (let byte = 0; byte < 256; byte++) {
    let sum = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) sum = sum & 1n ? (sum >> 1n) ^ 0xc96c5795d7870f42n : sum >> 1n;
    low[byte] = Number(sum & 0xffffffffn);
    high[byte] = Number(sum >> 32n);
  }
  return { low, high };
}

function crc64(bytes: Uint8Array): bigint {
  table ??= tableOf();
  let [low, high] = [-1, -1];
  for (let i = 0; i < bytes.length; i++) {
    const entry = (low ^ bytes[i]) & 255;
    low = ((low >>> 8) | (high << 24)) ^ table.low[entry];
    high = (high >>> 8) ^ table.high[entry];
  }
  return (BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0);
}
