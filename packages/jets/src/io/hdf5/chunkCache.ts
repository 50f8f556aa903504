/** @file Rows that are packed together, kept unpacked for whoever goes on reading in them. */
import type { H5Dataset } from './dataset.js';

/** The last rows are kept however many bytes they are. */
const KEPT_BYTES = 2 ** 25;

interface ChunkRows {
  readonly dataset: H5Dataset;
  readonly start: number;
  readonly bytes: Uint8Array;
}

/**
 * The library's own cache holds a mebibyte of a dataset. Where the chunks of a row are more than that, as those of images in
 * tiles, every read of some of the rows would unpack all of them again.
 */
export function chunkCache() {
  let kept: readonly ChunkRows[] = [];
  return {
    /**
     * @param start first row of the chunk
     * @param read called where it is not kept
     */
    get(dataset: H5Dataset, start: number, read: () => Uint8Array): Uint8Array {
      const isIt = (rows: ChunkRows): boolean => rows.dataset === dataset && rows.start === start;
      const found = kept.find(isIt) ?? { dataset, start, bytes: read() };
      let total = 0;
      kept = [found, ...kept.filter((rows) => !isIt(rows))].filter(({ bytes }, i) => {
        total += bytes.length;
        return i === 0 || total <= KEPT_BYTES;
      });
      return found.bytes;
    },
  };
}
