/** @file A file read and written at positions: a file of Node, a `Blob` of a page, bytes in memory. */

/** An open file, synchronous because the HDF5 library is. */
export interface BinaryFile {
  /** for messages */
  readonly name: string;
  /** bytes */
  readonly size: number;
  /** @returns the number of bytes read, less than `length` only at the end of the file */
  read(into: Int8Array | Uint8Array, offset: number, length: number, position: number): number;
  write(from: Int8Array | Uint8Array, offset: number, length: number, position: number): number;
  truncate(size: number): void;
  /**
   * Where another thread finds the file, if it can; `identity` is a text that another file, or the same one after a
   * change, does not have.
   *
   * @throws {JetError} BAD_ARGUMENT if the file has been closed
   */
  place?(): { readonly path: string; readonly identity: string };
  close(): void;
}
