/** @file A file of which every request takes its time: it is read in blocks, the last of which are kept. */
import type { BinaryFile } from './binaryFile.js';
import { readOnly } from './memoryFile.js';

const BLOCK_BYTES = 2 ** 19;
const KEPT_BLOCKS = 64;
/** Of one request. */
export const MOST_BYTES = 2 ** 23;

export interface BlockFileOptions {
  readonly close?: () => void;
  /** bytes that are fetched at least where reading goes on from where it was; default: what is asked for */
  readonly ahead?: number;
  /** told where reading goes on from which byte it will be fetched next, so that it may be on its way by then */
  readonly expect?: (start: number) => void;
}

/**
 * @param fetchBytes gives the bytes from `start` to one before `end`, at most `MOST_BYTES` of them
 */
export function blockFile(
  name: string,
  size: number,
  fetchBytes: (start: number, end: number) => Uint8Array,
  { close = () => undefined, ahead = 0, expect }: BlockFileOptions = {},
): BinaryFile {
  const blocks = new Map<number, Uint8Array>();
  const all = Math.ceil(size / BLOCK_BYTES);
  /** the block after those that were fetched last */
  let next = 0;
  const fetchBlocks = (first: number, last: number): void => {
    const start = first * BLOCK_BYTES;
    const bytes = fetchBytes(start, Math.min(size, last * BLOCK_BYTES));
    next = last;
    for (let block = first; block < last; block++)
      blocks.set(block, bytes.subarray((block - first) * BLOCK_BYTES, (block - first + 1) * BLOCK_BYTES));
    for (const old of blocks.keys()) {
      if (blocks.size <= KEPT_BLOCKS) break;
      if (old < first || old >= last) blocks.delete(old);
    }
  };
  const blockAt = (block: number, wanted: number): Uint8Array => {
    const known = blocks.get(block);
    if (known !== undefined) {
      // the one used last is the last to go
      blocks.delete(block);
      blocks.set(block, known);
      return known;
    }
    const goesOn = block === next;
    const most = goesOn ? Math.min(all, Math.max(wanted, block + ahead / BLOCK_BYTES)) : wanted;
    let last = block + 1;
    while (last < most && !blocks.has(last) && (last + 1 - block) * BLOCK_BYTES <= MOST_BYTES) last++;
    fetchBlocks(block, last);
    if (goesOn && last < all) expect?.(last * BLOCK_BYTES);
    return blocks.get(block)!;
  };
  return {
    name,
    size,
    read(into, offset, length, position) {
      const end = Math.min(size, position + length);
      const wanted = Math.ceil(end / BLOCK_BYTES);
      for (let at = position; at < end; ) {
        const block = Math.floor(at / BLOCK_BYTES);
        const from = at - block * BLOCK_BYTES;
        const part = blockAt(block, wanted).subarray(from, from + end - at);
        into.set(part, offset + at - position);
        at += part.length;
      }
      return Math.max(0, end - position);
    },
    ...readOnly(name),
    close,
  };
}
