/** @file A file read and written at positions: what the HDF5 library sits on, in Node today, on a browser's `Blob` tomorrow. */

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
  close(): void;
}
