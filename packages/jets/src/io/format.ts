/** @file Tells the format of a file by its first bytes, not by its name. */
import { JetError } from '../errors.js';
import type { BinaryFile } from './bytes/binaryFile.js';

export type FileFormat = 'hdf5' | 'npy' | 'npz' | 'root' | 'parquet';

const SIGNATURES: readonly (readonly [format: FileFormat, bytes: readonly number[]])[] = [
  ['hdf5', [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['npy', [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
  ['npz', [0x50, 0x4b, 0x03, 0x04]],
  ['npz', [0x50, 0x4b, 0x05, 0x06]],
  ['root', [0x72, 0x6f, 0x6f, 0x74]],
  ['parquet', [0x50, 0x41, 0x52, 0x31]],
];

/** Formats of the trade that are not read here. */
const OTHERS: readonly (readonly [text: string, name: string])[] = [
  ['PARE', 'an encrypted Parquet file'],
  ['\x1f\x8b', 'gzip-compressed: run gunzip on it'],
  ['\x28\xb5\x2f\xfd', 'zstd-compressed: run unzstd on it'],
  ['version https://git-lfs', 'a Git LFS pointer: run git lfs pull'],
];

/**
 * The format of a file.
 *
 * @throws {JetError} BAD_FILE if it is none of them
 */
export function detectFormat(file: BinaryFile): FileFormat {
  const start = new Uint8Array(Math.min(24, file.size));
  const length = file.read(start, 0, start.length, 0);
  const found = SIGNATURES.find(([, signature]) => signature.every((byte, i) => i < length && start[i] === byte));
  if (found) return found[0];
  if (hasUserBlock(file)) return 'hdf5';
  const text = String.fromCharCode(...start);
  const other = OTHERS.find(([signature]) => text.startsWith(signature));
  const shown = other?.[1] ?? `it begins with ${JSON.stringify(text.slice(0, 12))}`;
  throw new JetError(
    'BAD_FILE',
    `${file.name}: not HDF5, .npy, .npz, ROOT or Parquet, ${shown}; expected one of these; convert the file, or check that it arrived whole (${file.size} bytes)`,
    { bytes: file.size },
  );
}

/** HDF5 allows 512, 1024, 2048, … bytes of something else in front. */
function hasUserBlock(file: BinaryFile): boolean {
  const [, signature] = SIGNATURES[0];
  const bytes = new Uint8Array(signature.length);
  for (let at = 512; at + bytes.length <= file.size && at <= 2 ** 30; at *= 2)
    if (file.read(bytes, 0, bytes.length, at) === bytes.length && signature.every((byte, i) => bytes[i] === byte))
      return true;
  return false;
}
