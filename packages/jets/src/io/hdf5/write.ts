/** @file Writes HDF5 files: datasets that grow by rows, chunked and compressed with gzip. */
import { isJetError, JetError } from '../../errors.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import { CLASSES, checked, isSpent, loadLibrary, mountFile, reason } from './library.js';

/** A dataset to be written. */
export interface H5NewDataset {
  readonly name: string;
  readonly type: 'float32' | 'int8' | 'uint8' | 'string';
  /** of a string, at least 1 */
  readonly elementBytes?: number;
  /** shape of one row */
  readonly rowShape: readonly number[];
  /** rows that are compressed together */
  readonly chunkRows: number;
}

/** An HDF5 file being written. */
export interface H5Writer {
  /**
   * Adds rows at the end of a dataset; the first call creates it.
   *
   * @param bytes rows × rowShape elements, little-endian
   */
  append(dataset: H5NewDataset, rows: number, bytes: Uint8Array): void;
  /** brings everything into the file, which stays open */
  close(): void;
}

/** HDF5's numbers of the oldest form of the format, which every reader knows, and of the next one. */
const OLDEST_VERSION = 0;
const NEXT_VERSION = 1;
const GZIP = 1;
const GZIP_LEVEL = 6;
const UNLIMITED = 2n ** 64n - 1n;

const TYPES = {
  float32: { type: CLASSES.float, size: 4, signed: true },
  int8: { type: CLASSES.integer, size: 1, signed: true },
  uint8: { type: CLASSES.integer, size: 1, signed: false },
  string: { type: CLASSES.string, size: 1, signed: false },
};

/** The library writes the time into every dataset; without it, the same jets give the same bytes. */
function atTimeZero<T>(run: () => T): T {
  const { now } = Date;
  Date.now = () => 0;
  try {
    return run();
  } finally {
    Date.now = now;
  }
}

/** Starts an HDF5 file in an empty file that is open for reading and writing. */
export async function createH5(file: BinaryFile): Promise<H5Writer> {
  const h5 = await loadLibrary();
  const mounted = mountFile(h5, file);
  const guard = <T>(run: () => T): T => {
    if (isSpent(h5))
      throw new JetError(
        'BAD_FILE',
        `${file.name}: cannot be written, the HDF5 library failed on another file meanwhile; write it again`,
        { file: file.name },
      );
    try {
      return checked(h5, () => atTimeZero(run));
    } catch (error) {
      if (isJetError(error)) throw error;
      const message = `${file.name}: cannot be written, the HDF5 library says "${reason(error)}"; check the space on the disk`;
      throw new JetError('BAD_FILE', message, { file: file.name }, { cause: error });
    }
  };
  const id = guard(() => h5.open(mounted, h5.H5F_ACC_TRUNC, false, OLDEST_VERSION, NEXT_VERSION));
  const written = new Map<string, number>();
  return {
    append(dataset, rows, bytes) {
      const path = `/${dataset.name}`;
      const extent = (count: number | bigint): bigint[] => [BigInt(count), ...dataset.rowShape.map(BigInt)];
      const first = written.get(path);
      const pointer = h5._malloc(Math.max(1, bytes.length));
      try {
        h5.HEAPU8.set(bytes, pointer);
        guard(() => {
          if (first === undefined) {
            const metadata = {
              ...TYPES[dataset.type],
              ...(dataset.elementBytes === undefined ? {} : { size: dataset.elementBytes }),
              vlen: false,
              littleEndian: true,
              cset: 1,
              total_size: 0,
              shape: extent(rows),
              maxshape: extent(UNLIMITED),
              chunks: extent(dataset.chunkRows),
              compression: GZIP,
              compression_opts: [GZIP_LEVEL],
            };
            h5.create_dataset(id, path, BigInt(pointer), metadata);
          } else if (rows > 0) {
            h5.resize_dataset(id, path, extent(first + rows));
            const offset = [BigInt(first), ...dataset.rowShape.map(() => 0n)];
            const strides = offset.map(() => 1n);
            h5.set_dataset_data(id, path, extent(rows), offset, strides, BigInt(pointer));
          }
        });
      } finally {
        if (!isSpent(h5)) h5._free(pointer);
      }
      written.set(path, (first ?? 0) + rows);
    },
    close() {
      try {
        guard(() => h5.close_file(id));
      } finally {
        if (!isSpent(h5)) h5.FS.unlink(mounted);
      }
    },
  };
}
