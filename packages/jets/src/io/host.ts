/** @file What reading files needs of the machine, which differs between Node and pages. */
import type { BinaryFile } from './bytes/binaryFile.js';

/** A file: its path, its address, or a file that a visitor of a page has chosen. */
export type FileInput = string | URL | Blob;

/** What a file is called in messages. */
export const inputName = (input: FileInput): string =>
  input instanceof Blob ? ('name' in input ? String(input.name) : 'blob') : String(input);

/** A decoder of the machine, e.g. of zlib. @param size of the result in bytes */
export type Inflate = (bytes: Uint8Array, size: number) => Uint8Array;

/** What reading HDF5 files needs. */
export interface H5Host {
  /** a file of the `h5wasm-plugins` package, e.g. `libH5Zlzf.so` */
  loadPlugin(fileName: string): Promise<Uint8Array>;
  /** where there is a faster one than in JavaScript */
  readonly inflate?: Inflate;
}

/** Of JSROOT's buffers, what is used. */
export interface RootBuffer {
  /** reads the members of a base class */
  classStreamer(object: object, className: string): unknown;
  ntoi1(): number;
  ntoi2(): number;
  ntoi4(): number;
  ntoi8(): number;
  ntof(): number;
  ntod(): number;
}

/** Of the module `jsroot/io`, what is used. */
export interface Jsroot {
  /** a file that is read at positions */
  readonly FileProxy: new () => object;
  openFile(proxy: object): Promise<unknown>;
  /** says how the members of a class are read, whatever a file says of it */
  addUserStreamer(className: string, read: (buffer: RootBuffer, object: Record<string, unknown>) => void): void;
  /** @returns null if the data cannot be decompressed */
  readonly R__unzip: (bytes: DataView, size: number, quiet: boolean) => Promise<DataView | null>;
}

/** What reading ROOT files needs. */
export interface RootHost {
  /** loads JSROOT */
  jsroot(): Promise<Jsroot>;
  /** where there is a faster one than JSROOT's */
  readonly inflate?: Inflate;
}

/** What reading Parquet files needs. */
export interface ParquetHost {
  /** a Brotli decoder that holds streams to their end, where there is one */
  readonly unbrotli?: Inflate;
}

/** What the machine gives. */
export interface Host extends H5Host, RootHost, ParquetHost {
  /** @throws {JetError} FILE_NOT_FOUND; BAD_FILE if it is empty or cannot be read; REMOTE if it cannot be fetched */
  openFile(input: FileInput): Promise<BinaryFile>;
}
