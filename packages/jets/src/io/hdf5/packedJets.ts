/** @file Tells where the jets of an HDF5 file lie. */
import type { PackedJets } from '../../source/packed.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import type { H5JetReader } from './jetReader.js';

/** @returns undefined where the library, or this very file, is needed to read them */
export function packedJets(reader: H5JetReader, file: BinaryFile): PackedJets | undefined {
  const place = file.place?.();
  const parts = reader.packed?.();
  if (place === undefined || parts === undefined || parts.length === 0) return undefined;
  const { kind, jetShape, hasCharge = false } = reader;
  const block = Math.max(...parts.map(({ rows }) => rows.chunkRows));
  return { ...place, kind, jetShape, hasCharge, first: 0, block, parts };
}
