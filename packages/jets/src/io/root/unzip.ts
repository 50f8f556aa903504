/** @file Decompresses baskets of ROOT files, checking lengths before and sums after. */

import type { JetError } from '../../errors.js';
import { quoted } from '../../quoted.js';
import { unxz } from '../bytes/unxz.js';
import { checkXz } from '../bytes/xz.js';
import { adler32 } from '../bytes/zlib.js';
import { checkZstd, type XxHash } from '../bytes/zstd.js';
import type { Inflate, Jsroot } from '../host.js';

/** Makes the error that names the basket. */
export type Corrupt = (what: string, cause?: unknown) => JetError;

/** Decompresses the `size` bytes of a basket or record. */
export type Unzip = (stored: DataView, size: number, corrupt: Corrupt) => Promise<DataView>;

const METHODS = ['ZL', 'CS', 'L4', 'ZS', 'XZ'];
const HEAD = 9;
/** Bytes of the sum in front of LZ4 data. */
const SUM = 8;

/** Compressed data is in blocks, each with its method and two lengths. */
interface Block {
  readonly method: string;
  /** of the block's data, without the 9 bytes of its head */
  readonly at: number;
  readonly bytes: number;
  /** when decompressed */
  readonly size: number;
}

function blocksOf(stored: DataView): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at + HEAD <= stored.byteLength; ) {
    const length = (byte: number): number =>
      stored.getUint8(at + byte) | (stored.getUint8(at + byte + 1) << 8) | (stored.getUint8(at + byte + 2) << 16);
    const method = String.fromCharCode(stored.getUint8(at), stored.getUint8(at + 1));
    blocks.push({ method, at: at + HEAD, bytes: length(3), size: length(6) });
    at += HEAD + length(3);
  }
  return blocks;
}

/**
 * Decompresses by JSROOT, but zlib by the host where it can, and LZMA by a library that reads all chunks of a stream: JSROOT
 * reads the first, of at most 64 kB.
 */
export function unzipWith(jsroot: Jsroot['R__unzip'], inflate: Inflate | undefined, xxh64: XxHash): Unzip {
  return async (stored, size, corrupt) => {
    const blocks = blocksOf(stored);
    checkBlocks(blocks, stored, size, corrupt);
    try {
      checkPackedSums(blocks, stored, xxh64);
      const only = (one: string): boolean => blocks.every(({ method }) => method === one);
      const decode = only('ZL') ? inflate : only('XZ') ? unxz : undefined;
      if (decode) {
        const data = new Uint8Array(size);
        let at = 0;
        for (const block of blocks) {
          const part = await decode(
            new Uint8Array(stored.buffer, stored.byteOffset + block.at, block.bytes),
            block.size,
          );
          if (part.length !== block.size) throw new Error(`${part.length} bytes; expected ${block.size}`);
          data.set(part, at);
          at += part.length;
        }
        return new DataView(data.buffer);
      }
      const data = await jsroot(stored, size, true);
      if (data === null || data.byteLength !== size) throw new Error('the data ends too early');
      checkSums(blocks, stored, data, xxh64);
      return data;
    } catch (cause) {
      throw corrupt(`cannot be decompressed (${cause instanceof Error ? cause.message : cause})`, cause);
    }
  };
}

/** The lengths must add up before any memory is taken. */
function checkBlocks(blocks: readonly Block[], stored: DataView, size: number, corrupt: Corrupt): void {
  const unknown = blocks.find(({ method }) => !METHODS.includes(method));
  if (unknown) throw corrupt(`compression ${quoted(unknown.method)}; expected zlib, LZ4, Zstandard or LZMA`);
  const sizes = blocks.reduce((sum, block) => sum + block.size, 0);
  const { at, bytes } = blocks.at(-1) ?? { at: 0, bytes: 0 };
  if (sizes !== size || at + bytes !== stored.byteLength)
    throw corrupt(`blocks of ${sizes} bytes in ${at + bytes}; expected ${size} in ${stored.byteLength}`);
}

/** LZ4 blocks begin with the XXH64 sum of what follows. */
function checkPackedSums(blocks: readonly Block[], stored: DataView, xxh64: XxHash): void {
  for (const { method, at, bytes } of blocks) {
    if (method !== 'L4') continue;
    if (bytes < SUM) throw new Error(`an LZ4 block of ${bytes} bytes; expected at least ${SUM}`);
    const packed = new Uint8Array(stored.buffer, stored.byteOffset + at + SUM, bytes - SUM);
    if (xxh64(packed, 0n) !== stored.getBigUint64(at)) throw new Error('the check sum is wrong');
  }
}

/** zlib, Zstandard and LZMA have the sums of their content; LZ4 has that of its packed bytes. */
function checkSums(blocks: readonly Block[], stored: DataView, data: DataView, xxh64: XxHash): void {
  let from = 0;
  for (const { method, at, bytes, size } of blocks) {
    const packed = new Uint8Array(stored.buffer, stored.byteOffset + at, bytes);
    const content = new Uint8Array(data.buffer, data.byteOffset + from, size);
    if (method === 'ZL' && adler32(content) !== stored.getUint32(at + bytes - 4))
      throw new Error('the check sum is wrong');
    if (method === 'ZS') checkZstd(packed, content, xxh64);
    if (method === 'XZ') checkXz(packed, content);
    from += size;
  }
}
