/** @file What a format of data files is to the rest: every format has a file `format.ts` with such a value. */
import type { Padding } from '../source/padding.js';
import type { NumberArray } from '../source/perJet.js';
import type { SliceReader } from '../source/sliceSource.js';
import type { BinaryFile } from './bytes/binaryFile.js';
import type { Host, Jsroot } from './host.js';
import type { LayoutJson } from './tables/layoutJson.js';

export type FileFormat = 'hdf5' | 'npy' | 'npz' | 'root' | 'parquet' | 'csv';

/** How to read a file that can be read in more than one way. */
export interface OpenJetsOptions {
  /** path or name of the dataset, array, table or tree to read; needed where a file has several */
  readonly dataset?: string;
  /** one image dataset a class: their names in the order of the labels, background first; of HDF5 */
  readonly classes?: readonly string[];
  /** how columns become jets: a name such as `JetClass`, or a mapping; without it, the built-in one that fits */
  readonly layout?: string | LayoutJson;
  /** value of all numbers of constituents that are none, which then become zero: −999, −1, 'nan' */
  readonly padding?: Padding;
  /**
   * what the numbers of a constituent are, in their order, of arrays (n, m, k): `['px', 'py', 'pz', 'E']`,
   * `['pt', 'eta', 'phi', 'm']`, `_` for others; default: what the file says, else E, px, py, pz
   */
  readonly components?: readonly string[];
  /**
   * the label of signal, all others are background, where labels are not 0 and 1: a number such as 1 of −1 and 1, a name; of one-hot
   * labels (n, k) the column, from 0
   */
  readonly signal?: string | number;
  /** of such momenta and energies; default GeV */
  readonly unit?: 'GeV' | 'MeV';
  /** loads JSROOT for ROOT files: `() => import('jsroot/io')`; pages that do not give it stay without JSROOT */
  readonly jsroot?: () => Promise<Jsroot>;
}

/** A format of data files. */
export interface Format {
  readonly name: FileFormat;
  /** as people write it */
  readonly title: string;
  /** whether a file is one, by its first bytes (24, or all there are) or whatever else of it */
  recognise(start: Uint8Array, file: BinaryFile): boolean;
  /** options that it has, apart from those of every format */
  readonly options: readonly (keyof OpenJetsOptions)[];
  /**
   * Opens a file; what the format needs is loaded with its first one.
   *
   * @throws {JetError} BAD_FILE, UNSUPPORTED, LIMIT_EXCEEDED; the file is then still open
   */
  open(file: BinaryFile, options: OpenJetsOptions, host: Host): Promise<OpenFile>;
}

/** An open file of any format. */
export interface OpenFile {
  /** what is in it, for people */
  contents(): Promise<FileContents>;
  /** what may hold one number per jet, by name; a name may be there several times */
  columns(): Promise<ReadonlyMap<string, readonly NumberColumn[]>>;
  /** @throws {JetError} BAD_DATASET if there are no jets, or several sets of them */
  jets(): Promise<SliceReader>;
  /** frees what the format holds, and closes the file */
  close(): void;
}

/** A column of a table, or an array, that may hold numbers. */
export interface NumberColumn {
  /** of a number, for people */
  readonly type: string;
  /**
   * @returns (rows,) or (rows, …)
   * @throws {JetError} BAD_DATASET if it does not hold numbers, as many in each row; LIMIT_EXCEEDED
   */
  read(): Promise<NumberArray>;
  /** the same as text, where the file holds text */
  texts?(): readonly string[] | Promise<readonly string[]>;
}

/** What is in a file. */
export interface FileContents {
  readonly arrays: readonly ArrayDescription[];
  readonly tables: readonly TableDescription[];
}

/** One dataset or array. */
export interface ArrayDescription {
  /** path in an HDF5 file, name in an archive, empty for `.npy` */
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** shape of the pieces in which it is stored */
  readonly chunks?: readonly number[];
  readonly compression?: readonly string[];
}

/** A table of an HDF5 or Parquet file, or a tree of a ROOT file. */
export interface TableDescription {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** in order; numbered ones together, e.g. `E_0…199` */
  readonly columnNames: readonly string[];
  /** e.g. `float32[]`, in the same order; of ROOT and Parquet */
  readonly columnTypes?: readonly string[];
}

/** Recognises files that begin with one of these bytes. */
export const beginsWith =
  (...signatures: readonly (readonly number[])[]): Format['recognise'] =>
  (start) =>
    signatures.some((signature) => signature.every((byte, i) => start[i] === byte));
