/** @file What reading files needs of the machine, which differs between Node and pages. */
import type { BinaryFile } from './bytes/binaryFile.js';
import type { H5Host } from './hdf5/h5.js';
import type { RootHost } from './root/rootFile.js';

/** A file: its path, its address, or a file that a visitor of a page has chosen. */
export type FileInput = string | URL | Blob;

/** What the machine gives. */
export interface Host extends H5Host, RootHost {
  /** @throws {JetError} FILE_NOT_FOUND; BAD_FILE if it is empty or cannot be read; REMOTE if it cannot be fetched */
  openFile(input: FileInput): Promise<BinaryFile>;
}
