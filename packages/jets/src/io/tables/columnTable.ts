/** @file A table of jets with named columns, as ROOT trees and Parquet files are. */

/** Numbers of consecutive rows. */
export interface ColumnRows {
  /** numbers of all rows one after the other */
  readonly values: Float32Array | Float64Array;
  /** (rows + 1) row i has the values from offsets[i] to offsets[i + 1] */
  readonly offsets: Uint32Array;
}

/** One column. */
export interface TableColumn {
  /** for people, e.g. `float32`, `float32[]` */
  readonly type: string;
  /** one number a row, a list of numbers a row, or something that is not read */
  readonly form: 'number' | 'list' | 'other';
  /**
   * Rows [start, stop), one read at a time; reading on from where the last read ended decodes nothing twice.
   *
   * @throws {JetError} BAD_FILE; BAD_DATASET for missing values
   */
  read(start: number, stop: number): Promise<ColumnRows>;
}

/** An open table. */
export interface ColumnTable {
  /** of the file, with the name of the tree */
  readonly name: string;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, TableColumn>;
  close(): void;
}

/** Offsets of rows that have `length` numbers each. */
export function evenOffsets(rows: number, length: number): Uint32Array {
  const offsets = new Uint32Array(rows + 1);
  for (let i = 1; i <= rows; i++) offsets[i] = i * length;
  return offsets;
}
