/** @file Chunks of rows unpacked in JavaScript, by the decoder that the machine has. */
import type { PackedRows } from '../../source/packed.js';
import type { Inflate } from '../host.js';
import type { Unpacker } from './unpacker.js';

export function plainUnpacker({ chunkRows, rowBytes, shuffledBytes }: PackedRows, inflate: Inflate): Unpacker {
  const size = chunkRows * rowBytes;
  const unshuffled = new Uint8Array(shuffledBytes === undefined ? 0 : size);
  let memory = new Uint8Array(0);
  return {
    room(bytes) {
      if (memory.length < bytes) memory = new Uint8Array(bytes);
      return memory.subarray(0, bytes);
    },
    unpack(chunk) {
      let rows: Uint8Array;
      try {
        rows = inflate(chunk, size);
      } catch {
        return undefined;
      }
      if (rows.length !== size) return undefined;
      if (shuffledBytes === undefined) return rows;
      unshuffle(rows, shuffledBytes, unshuffled);
      return unshuffled;
    },
  };
}

/** Undoes HDF5's shuffle: the first bytes of all elements, then the second bytes of all, and so on. */
export function unshuffle(shuffled: Uint8Array, elementBytes: number, out: Uint8Array): void {
  const count = shuffled.length / elementBytes;
  if (elementBytes % 4 === 0 && out.byteOffset % 4 === 0) unshuffleWords(shuffled, elementBytes, count, out);
  else
    for (let byte = 0; byte < elementBytes; byte++)
      for (let i = 0, from = byte * count, to = byte; i < count; i++, from++, to += elementBytes)
        out[to] = shuffled[from];
}

/**
 * Four bytes of four elements at a time: a 4×4 transposition in registers. Most jets fill a fraction of their slots, so the
 * zeros that columns begin with, often all of a column, are stepped over.
 */
function unshuffleWords(shuffled: Uint8Array, elementBytes: number, count: number, out: Uint8Array): void {
  out.fill(0);
  const bytes = new DataView(shuffled.buffer, shuffled.byteOffset, shuffled.length);
  const words = new Uint32Array(out.buffer, out.byteOffset, shuffled.length / 4);
  const width = elementBytes / 4;
  const whole = count - (count % 4);
  for (let byte = 0; byte < elementBytes; byte += 4) {
    const at0 = byte * count;
    const at1 = at0 + count;
    const at2 = at1 + count;
    const at3 = at2 + count;
    let start = 0;
    while (
      start < whole &&
      (bytes.getInt32(at0 + start, true) |
        bytes.getInt32(at1 + start, true) |
        bytes.getInt32(at2 + start, true) |
        bytes.getInt32(at3 + start, true)) ===
        0
    )
      start += 4;
    let to = byte / 4 + start * width;
    for (let i = start; i < whole; i += 4, to += 4 * width) {
      const a = bytes.getInt32(at0 + i, true);
      const b = bytes.getInt32(at1 + i, true);
      const c = bytes.getInt32(at2 + i, true);
      const d = bytes.getInt32(at3 + i, true);
      const abEven = (a & 0x00ff00ff) | ((b & 0x00ff00ff) << 8);
      const abOdd = ((a >>> 8) & 0x00ff00ff) | (b & 0xff00ff00);
      const cdEven = (c & 0x00ff00ff) | ((d & 0x00ff00ff) << 8);
      const cdOdd = ((c >>> 8) & 0x00ff00ff) | (d & 0xff00ff00);
      words[to] = (abEven & 0xffff) | (cdEven << 16);
      words[to + width] = (abOdd & 0xffff) | (cdOdd << 16);
      words[to + 2 * width] = (abEven >>> 16) | (cdEven & 0xffff0000);
      words[to + 3 * width] = (abOdd >>> 16) | (cdOdd & 0xffff0000);
    }
    for (let i = whole; i < count; i++, to += width)
      words[to] = shuffled[at0 + i] | (shuffled[at1 + i] << 8) | (shuffled[at2 + i] << 16) | (shuffled[at3 + i] << 24);
  }
}
