/** @file Writes arrays block by block into an HDF5 file. */
import { sizeOf, type Tensor } from '../tensor.js';
import { writeFileAtomically } from './bytes/atomicFile.js';
import { binaryFile } from './bytes/nodeFile.js';
import { createH5 } from './hdf5/write.js';

const CHUNK_BYTES = 2 ** 18;

/**
 * Writes float32 datasets that grow block by block, compressed; the file appears whole or not at all.
 *
 * @param blocks the same names in each, (rows, …); the first block decides the shapes
 * @throws {JetError} FILE_NOT_FOUND, BAD_FILE if the file cannot be written; whatever `blocks` throws
 */
export async function writeArrays(
  path: string,
  blocks: AsyncIterable<Readonly<Record<string, Tensor>>> | Iterable<Readonly<Record<string, Tensor>>>,
): Promise<void> {
  await writeFileAtomically(path, async (handle) => {
    const file = await createH5(binaryFile(handle.fd, path));
    try {
      for await (const block of blocks)
        for (const [name, { shape, data }] of Object.entries(block)) {
          const [rows = 0, ...rowShape] = shape;
          const chunkRows = Math.max(1, Math.floor(CHUNK_BYTES / (4 * sizeOf(rowShape))));
          const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
          file.append({ name, type: 'float32', rowShape, chunkRows }, rows, bytes);
        }
    } finally {
      file.close();
    }
  });
}
