/** @file Jets that another thread can read without the library of their format: where they lie, as plain data. */
import type { NumberType } from '../io/bytes/numbers.js';

/** Numbers that are neighbours in the row and in the jet. */
export interface Run {
  readonly type: NumberType;
  /** of the first number in the row */
  readonly byte: number;
  /** of the first number in the jet */
  readonly at: number;
  /** numbers */
  readonly length: number;
}

/** Where the rows of a dataset lie and how they are packed; plain data that can be sent to a thread. */
export interface PackedRows {
  /** (chunks, 2) position in the file and bytes of each chunk, in the order of the rows; shared between threads */
  readonly chunks: Float64Array;
  /** rows of a chunk */
  readonly chunkRows: number;
  readonly rowBytes: number;
  /** bytes that `shuffle` took apart; undefined where it did not */
  readonly shuffledBytes: number | undefined;
}

/** Packed rows of one dataset and what of them belongs to the jets. */
export interface PackedPart {
  readonly rows: PackedRows;
  readonly numbers: readonly Run[];
  readonly charges: readonly Run[];
}

/** Where the jets of a file lie; plain data that can be sent to a thread. */
export interface PackedJets {
  /** absolute */
  readonly path: string;
  /** tells whether the file under that path is the one that was opened */
  readonly identity: string;
  readonly kind: 'constituents' | 'images';
  readonly jetShape: readonly number[];
  readonly hasCharge: boolean;
  /** row of the file that is the first jet */
  readonly first: number;
  /** jets that are compressed together */
  readonly block: number;
  readonly parts: readonly PackedPart[];
}
