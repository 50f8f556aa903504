/** @file Tells where the jets of an HDF5 file lie. */
import { resolve } from 'node:path';
import type { PackedJets } from '../../source/packed.js';
import type { NodeFile } from '../bytes/nodeFile.js';
import type { H5JetReader } from './jetReader.js';

/** @returns undefined where the library is needed to read them */
export function packedJets(reader: H5JetReader, file: NodeFile): PackedJets | undefined {
  const identity = file.identity();
  const parts = reader.packed?.();
  if (parts === undefined || parts.length === 0) return undefined;
  const { kind, jetShape, hasCharge = false } = reader;
  const block = Math.max(...parts.map(({ rows }) => rows.chunkRows));
  return { path: resolve(file.name), identity, kind, jetShape, hasCharge, first: 0, block, parts };
}
