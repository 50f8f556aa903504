/** @file Reads HDF5 files: what datasets there are, and their rows as raw bytes. */
import { isJetError, JetError } from '../../errors.js';
import { shortText } from '../../quoted.js';
import type { PackedRows } from '../../source/packed.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import { unzlib } from '../bytes/zlib.js';
import type { H5Host, Inflate } from '../host.js';
import { readAttribute, readTexts } from './attributes.js';
import { chunkCache } from './chunkCache.js';
import { findChunks } from './chunks.js';
import type { H5Dataset } from './dataset.js';
import { addressOf } from './describeDataset.js';
import { installPlugins, requireFilters, wholeChunk } from './filters.js';
import { ANY_VERSION, checked, type H5Library, isSpent, loadLibrary, mountFile, reason } from './library.js';
import { type ListingLimits, listFile } from './listing.js';
import { readPacked, type UnpackerFor, type UseRows, unpackerWith } from './packed.js';
import { packedRows, rowBytesOf, rowsOfBlock } from './rows.js';
import type { WholeChunk } from './wholeChunks.js';

/** An open HDF5 file. */
export interface H5File {
  readonly name: string;
  readonly datasets: readonly H5Dataset[];
  /** paths of the groups, without the root */
  readonly groups: readonly string[];
  /** paths of links to other files, which are not followed */
  readonly links: readonly string[];
  /** a fixed-width string attribute of a group or dataset, or undefined */
  attribute(path: string, name: string): string | undefined;
  /** an attribute of one text or several, of any width, or undefined */
  texts(path: string, name: string): readonly string[] | undefined;
  /** reads rows [start, stop) of a dataset, block by block, in order; a single number is one row */
  readRows(dataset: H5Dataset, start: number, stop: number, use: UseRows): Promise<void>;
  /**
   * Whole chunks of rows, of about so many bytes.
   *
   * @throws {JetError} LIMIT_EXCEEDED if one chunk is too large
   */
  blockRows(dataset: H5Dataset, bytes: number): number;
  /** where its rows lie, if they can be read without the library */
  packed(dataset: H5Dataset): PackedRows | undefined;
  close(): void;
}

const JETS: ListingLimits = { objects: 4096, depth: 8 };
const BLOCK_BYTES = 2 ** 22;

const plainInflate: Inflate = (bytes, size) => unzlib(bytes, new Uint8Array(size));

/**
 * Opens an HDF5 file; `close` of the result closes `file` too.
 *
 * @throws {JetError} BAD_FILE if it is truncated, corrupt or not HDF5; LIMIT_EXCEEDED if it has thousands of datasets
 */
export async function openH5(
  file: BinaryFile,
  host: H5Host,
  limits: ListingLimits = JETS,
  unpackerFor: UnpackerFor = unpackerWith(host.inflate ?? plainInflate),
): Promise<H5File> {
  const { name } = file;
  const guard = <T>(h5: H5Library, what: string, run: () => T, chunk?: WholeChunk): T => {
    try {
      return checked(h5, run, chunk);
    } catch (error) {
      if (isJetError(error)) throw error;
      throw new JetError(
        'BAD_FILE',
        `${name}: ${what}, the HDF5 library says "${reason(error)}"; the file is truncated or corrupt, copy or make it again`,
        { file: name, bytes: file.size },
        { cause: error },
      );
    }
  };
  const start = async (): Promise<Session> => {
    const h5 = await loadLibrary();
    const mounted = mountFile(h5, file);
    try {
      const id = guard(h5, 'cannot be opened', () =>
        h5.open(mounted, h5.H5F_ACC_RDONLY, false, ANY_VERSION, ANY_VERSION),
      );
      return { h5, id, mounted };
    } catch (error) {
      h5.FS.unlink(mounted);
      throw error;
    }
  };
  let session: Session | undefined;
  let datasets: readonly H5Dataset[] = [];
  const opened = (): Session => {
    if (session === undefined) throw new JetError('BAD_ARGUMENT', `${name}: the file has been closed; open it again`);
    return session;
  };
  /** The file in a library that can be trusted. */
  const live = async (): Promise<Session> => {
    while (isSpent(opened().h5)) {
      session = await start();
      await installPlugins(session.h5, datasets, host);
    }
    return opened();
  };
  const close = (): void => {
    const last = session;
    session = undefined;
    try {
      if (last && !isSpent(last.h5)) {
        last.h5.close_file(last.id);
        last.h5.FS.unlink(last.mounted);
      }
    } finally {
      file.close();
    }
  };
  const unpacked = chunkCache();
  const located = new Map<H5Dataset, PackedRows | undefined>();
  const packed = (dataset: H5Dataset): PackedRows | undefined => {
    const filters = dataset.filters.join();
    const { h5, id } = opened();
    if (!located.has(dataset) && !isSpent(h5)) {
      const header = guard(h5, 'cannot be searched', () => addressOf(h5, id, dataset.path));
      const chunks = findChunks(file, header, dataset);
      const native = !dataset.bigEndian && (filters === 'deflate' || filters === 'shuffle,deflate');
      located.set(dataset, native ? packedRows(dataset, chunks) : undefined);
    }
    return located.get(dataset);
  };
  try {
    session = await start();
    const { h5, id } = session;
    const listing = listFile(h5, id, file, limits, guard);
    datasets = listing.datasets;
    await installPlugins(h5, datasets, host);
    return {
      name,
      datasets,
      groups: listing.groups,
      links: listing.links,
      attribute(path, attribute) {
        const { h5, id } = opened();
        return guard(h5, `attribute ${attribute} of ${path}`, () => readAttribute(h5, id, path, attribute));
      },
      texts(path, attribute) {
        const { h5, id } = opened();
        return guard(h5, `attribute ${attribute} of ${path}`, () => readTexts(h5, id, path, attribute));
      },
      blockRows: (dataset, bytes) => rowsOfBlock(name, dataset, bytes),
      async readRows(dataset, start, stop, use) {
        checkReadable(name, dataset);
        const rowBytes = rowBytesOf(dataset);
        const blockRows = rowsOfBlock(name, dataset, BLOCK_BYTES);
        const { h5, id } = await live();
        const known = start < stop ? packed(dataset) : undefined;
        const chunkRows = rowsOfBlock(name, dataset, 0);
        const chunkLength = wholeChunk(dataset);
        const read = (first: number, last: number, pointer: number): void => {
          const count = dataset.shape.map((length, axis) => BigInt(axis === 0 ? last - first : length));
          const offset = dataset.shape.map((_, axis) => (axis === 0 ? BigInt(first) : 0n));
          const strides = dataset.shape.map(() => 1n);
          const run = (): unknown =>
            count.length === 0
              ? h5.get_dataset_data(id, dataset.path, null, null, null, BigInt(pointer))
              : h5.get_dataset_data(id, dataset.path, count, offset, strides, BigInt(pointer));
          guard(h5, `rows ${first} to ${last - 1} of ${dataset.path} cannot be read`, run, chunkLength);
        };
        const inHeap = <T>(first: number, last: number, take: (rows: Uint8Array) => T): T => {
          const byteLength = rowBytes * (last - first);
          const pointer = h5._malloc(Math.max(1, byteLength));
          try {
            read(first, last, pointer);
            return take(h5.HEAPU8.subarray(pointer, pointer + byteLength));
          } finally {
            if (!isSpent(h5)) h5._free(pointer);
          }
        };
        /** Rows of one chunk, which stay when the next are read. */
        const ofChunk = (first: number, last: number): Uint8Array => {
          let rows: Uint8Array | undefined;
          if (known)
            readPacked(file, unpackerFor, known, first, last, ({ buffer, byteOffset, byteLength }) => {
              rows = new Uint8Array(buffer, byteOffset, byteLength).slice();
            });
          return rows ?? inHeap(first, last, (bytes) => bytes.slice());
        };
        for (let first = start; first < stop; ) {
          const chunk = first - (first % chunkRows);
          const end = Math.min(chunk + chunkRows, dataset.shape[0] ?? 1);
          let last = Math.min(stop, end);
          if (first === chunk && end <= stop) {
            const lastWhole = stop === dataset.shape[0] ? stop : stop - (stop % chunkRows);
            last = known ? readPacked(file, unpackerFor, known, first, lastWhole, use) : first;
            if (last < lastWhole) {
              const from = last;
              const block = (Math.floor(from / blockRows) + 1) * blockRows;
              last = Math.min(block, lastWhole);
              inHeap(from, last, (rows) => use(rows, from, last));
            }
          } else {
            // a file that has been changed says so when it is read
            file.read(new Uint8Array(1), 0, 1, 0);
            const rows = unpacked.get(dataset, chunk, () => ofChunk(chunk, end));
            use(rows.subarray((first - chunk) * rowBytes, (last - chunk) * rowBytes), first, last);
          }
          first = last;
        }
      },
      packed,
      close() {
        if (session !== undefined) close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** A file as one instance of the library has it open. */
interface Session {
  readonly h5: H5Library;
  readonly id: bigint;
  /** where the library finds it */
  readonly mounted: string;
}

function checkReadable(name: string, dataset: H5Dataset): void {
  if (dataset.elsewhere !== undefined)
    throw new JetError(
      'UNSUPPORTED',
      `${name}: ${shortText(dataset.path)} is ${dataset.elsewhere}; expected its numbers in the file itself; copy them into one file, e.g. with h5py`,
      { path: dataset.path },
    );
  requireFilters(name, dataset);
}
