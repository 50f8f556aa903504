/** @file Reads the jets of an HDF5 file. */
import type { PackedPart } from '../../source/packed.js';
import type { SliceReader } from '../../source/sliceSource.js';

/** A reader that may know where the jets lie. */
export interface H5JetReader extends SliceReader {
  /** undefined where the HDF5 library is needed to read them */
  packed?(): readonly PackedPart[] | undefined;
}
