/** @file Rows of a dataset as they are read: together, or without the library. */
import { counted } from '../../counted.js';
import { JetError } from '../../errors.js';
import { MEMORY_REMEDY, memoryFor } from '../../memoryBudget.js';
import type { PackedRows } from '../../source/packed.js';
import { sizeOf } from '../../tensor.js';
import type { H5Dataset } from './dataset.js';

/** Bytes of a row. */
export const rowBytesOf = ({ elementBytes, shape }: H5Dataset): number => elementBytes * sizeOf(shape.slice(1));

/** Where rows lie in a file, if they can be read without the library. */
export function packedRows(dataset: H5Dataset, chunks: Float64Array | undefined): PackedRows | undefined {
  const chunkRows = dataset.chunks?.[0] ?? 1;
  const rowBytes = rowBytesOf(dataset);
  if (chunks === undefined || chunkRows * rowBytes > memoryFor('piece')) return undefined;
  const shuffledBytes = dataset.filters[0] === 'shuffle' ? dataset.elementBytes : undefined;
  return { chunks, chunkRows, rowBytes, shuffledBytes };
}

/** Whole chunks, so that none is decompressed twice. */
export function rowsOfBlock(name: string, dataset: H5Dataset, blockBytes: number): number {
  const chunkRows = dataset.chunks?.[0] ?? 1;
  const chunkBytes = rowBytesOf(dataset) * chunkRows;
  const limit = memoryFor('piece');
  if (chunkBytes > limit)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: ${counted(chunkRows, 'row')} of ${dataset.path} are stored together in ${chunkBytes} bytes; expected at most ${limit}; write it with smaller chunks, ${MEMORY_REMEDY}`,
      { path: dataset.path, bytes: chunkBytes, limit },
    );
  return chunkRows * Math.max(1, Math.floor(blockBytes / Math.max(1, chunkBytes)));
}
