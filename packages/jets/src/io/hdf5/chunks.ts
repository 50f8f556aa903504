/**
 * @file Finds where in an HDF5 file the compressed chunks of a dataset lie, so that they can be decompressed natively,
 * which takes half the time of the library's WebAssembly; and holds those that are not compressed to their length.
 *
 * Knows the oldest form of the format only, which h5py, pandas and PyTables write by default; the library reads the rest.
 *
 * @see https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 */
import { JetError } from '../../errors.js';
import { shortText } from '../../quoted.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import type { H5Dataset } from './dataset.js';

const SUPERBLOCK_BYTES = 32;
const HEADER_BYTES = 16;
const MAX_HEADER_BYTES = 2 ** 20;
const LAYOUT = 0x08;
const CONTINUATION = 0x10;
const CHUNKED = 2;
const TREE = 0x45455254;
const MAX_LEVEL = 8;

/** Reads exactly this many bytes, or gives undefined. */
function bytesAt(file: BinaryFile, position: number, length: number): DataView | undefined {
  if (!Number.isSafeInteger(position) || position + length > file.size) return undefined;
  const bytes = new Uint8Array(length);
  return file.read(bytes, 0, length, position) === length ? new DataView(bytes.buffer) : undefined;
}

const address = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

/** The root of the index of chunks, from the dataset's object header (version 1). */
function indexAddress(file: BinaryFile, header: number): number | undefined {
  const superblock = bytesAt(file, 0, SUPERBLOCK_BYTES);
  const start = bytesAt(file, header, HEADER_BYTES);
  if (!superblock || !start) return undefined;
  const plain = superblock.getUint8(8) === 0 && superblock.getUint8(13) === 8 && superblock.getUint8(14) === 8;
  if (!plain || address(superblock, 24) !== 0 || start.getUint8(0) !== 1) return undefined;
  const blocks = [{ position: header + HEADER_BYTES, length: start.getUint32(8, true) }];
  let total = 0;
  for (const { position, length } of blocks) {
    total += length + HEADER_BYTES;
    const block = total > MAX_HEADER_BYTES ? undefined : bytesAt(file, position, length);
    if (!block) return undefined;
    for (let at = 0; at + 8 <= length; ) {
      const type = block.getUint16(at, true);
      const size = block.getUint16(at + 2, true);
      const body = at + 8;
      if (body + size > length) return undefined;
      if (type === LAYOUT && size >= 11)
        return block.getUint8(body) === 3 && block.getUint8(body + 1) === CHUNKED
          ? address(block, body + 3)
          : undefined;
      if (type === CONTINUATION && size >= 16)
        blocks.push({ position: address(block, body), length: address(block, body + 8) });
      at = body + size;
    }
  }
  return undefined;
}

/**
 * Where the chunks of a dataset lie, in the order of its rows.
 *
 * @param header address of the dataset's object header
 * @returns (chunks, 2) position and bytes, in memory that threads can share; undefined where the file has another form,
 *   a chunk is missing or holds less than whole rows
 * @throws {JetError} BAD_FILE if a chunk lies outside of the dataset, where the library would take it for one that is missing, and
 *   give fill values
 */
export function findChunks(file: BinaryFile, header: number, dataset: H5Dataset): Float64Array | undefined {
  const { path, shape, chunks } = dataset;
  const root = indexAddress(file, header);
  if (root === undefined || !chunks || chunks.slice(1).some((length, axis) => length !== shape[axis + 1]))
    return undefined;
  const count = Math.ceil(shape[0] / chunks[0]);
  if (count > file.size) return undefined;
  const found = new Float64Array(sharedMemory(16 * count));
  let left = count;
  const keyBytes = 8 + 8 * (shape.length + 1);
  let nodes = 0;
  const visit = (position: number, expectedLevel: number | undefined): boolean => {
    const head = bytesAt(file, position, 24);
    if (!head || head.getUint32(0, true) !== TREE || head.getUint8(4) !== 1 || ++nodes > 2 * count) return false;
    const level = head.getUint8(5);
    if (level > MAX_LEVEL || (expectedLevel ?? level) !== level) return false;
    const entries = head.getUint16(6, true);
    const body = bytesAt(file, position + 24, entries * (keyBytes + 8));
    if (!body) return false;
    for (let at = 0; at < body.byteLength; at += keyBytes + 8) {
      const child = address(body, at + keyBytes);
      if (level > 0) {
        if (!visit(child, level - 1)) return false;
        continue;
      }
      const start = shape.map((_, axis) => address(body, at + 8 + 8 * axis));
      if (start.some((first, axis) => first >= shape[axis] || first % chunks[axis] !== 0))
        throw new JetError(
          'BAD_FILE',
          `${file.name}: ${shortText(path)}: a chunk begins at (${start.join(', ')}); expected a multiple of (${chunks.join(', ')}) within (${shape.join(', ')}); the file is damaged`,
          { path, start },
        );
      const index = start[0] / chunks[0];
      const skippedFilters = body.getUint32(at + 4, true);
      const bytes = body.getUint32(at, true);
      const expected = found[2 * index] === 0;
      if (!expected || skippedFilters !== 0 || bytes === 0 || !(child > 0 && child + bytes <= file.size)) return false;
      found[2 * index] = child;
      found[2 * index + 1] = bytes;
      left--;
    }
    return true;
  };
  return visit(root, undefined) && left === 0 ? found : undefined;
}

/** Pages that are not isolated have no shared memory, and nobody to share it with. */
const sharedMemory = (bytes: number): ArrayBufferLike =>
  typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
