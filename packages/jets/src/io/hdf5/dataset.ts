/** @file What is known of a dataset of an HDF5 file without reading it. */

/** How the numbers of a dataset or a field are stored. */
export type H5Scalar =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'string'
  | 'other';

/** One field of a compound record. */
export interface H5Field {
  readonly name: string;
  readonly type: H5Scalar;
  /** bytes from the start of the record */
  readonly offset: number;
  /** numbers in the field; undefined of a single one */
  readonly length: number | undefined;
}

/** What is known of a dataset without reading it. */
export interface H5Dataset {
  /** from the root, e.g. `/table/table` */
  readonly path: string;
  readonly shape: readonly number[];
  readonly type: H5Scalar | 'compound';
  /** of a compound */
  readonly fields: readonly H5Field[];
  /** bytes of one element: a number, a fixed-width string, a record */
  readonly elementBytes: number;
  readonly chunks?: readonly number[];
  /** e.g. `shuffle`, `deflate`, `lzf` */
  readonly filters: readonly string[];
  /** where its numbers are, in words, if not in the file itself */
  readonly elsewhere?: string;
  /** whether any number is stored with its highest byte first */
  readonly bigEndian: boolean;
}

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
