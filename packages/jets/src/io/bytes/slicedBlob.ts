/** @file A blob that is read in slices, in a worker, which may wait for the answer. */
import { JetError } from '../../errors.js';
import type { BinaryFile } from './binaryFile.js';
import { blockFile } from './blockFile.js';

/** Of a worker's synchronous file reader, what is used. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

/** Four times as fast as half a megabyte at a time, and no slower than more (72 MB in Chromium). */
const SLICE_BYTES = 2 ** 21;
/** A slice comes in pieces, one whenever the worker is free for a moment, so several have to be on their way. */
const SLICES_AHEAD = 3;

/** Workers alone have readers that answer at once. */
export const mayReadSlices = (): boolean => 'FileReaderSync' in globalThis;

export function slicedBlob(blob: Blob, name: string): BinaryFile {
  const reader = new FileReaderSync();
  /** Slices that are read while the worker does something else, by their first byte; undefined until they are here. */
  const coming = new Map<number, Uint8Array | undefined>();
  const expect = (first: number): void => {
    const end = Math.min(blob.size, first + SLICES_AHEAD * SLICE_BYTES);
    for (const start of coming.keys()) if (start < first || start >= end) coming.delete(start);
    for (let start = first; start < end; start += SLICE_BYTES) if (!coming.has(start)) void fetchSlice(start);
  };
  const fetchSlice = async (start: number): Promise<void> => {
    coming.set(start, undefined);
    try {
      const buffer = await blob.slice(start, Math.min(blob.size, start + SLICE_BYTES)).arrayBuffer();
      if (coming.has(start)) coming.set(start, new Uint8Array(buffer));
    } catch {
      // the reader says why, if it comes to that
      coming.delete(start);
    }
  };
  const read = (start: number, end: number): Uint8Array => {
    const slice = coming.get(start);
    if (slice?.length === end - start) return slice;
    try {
      return new Uint8Array(reader.readAsArrayBuffer(blob.slice(start, end)));
    } catch (cause) {
      throw new JetError(
        'BAD_FILE',
        `${name}: can no longer be read; expected it where it was chosen; choose it again`,
        { name },
        { cause },
      );
    }
  };
  // each question to the reader takes milliseconds, and compressed pieces of a jet may be of a kilobyte
  return blockFile(name, blob.size, read, { ahead: SLICE_BYTES, expect });
}
