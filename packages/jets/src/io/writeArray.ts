/** @file Writes one array block by block into a `.npy` file. */
import { JetError } from '../errors.js';
import { sizeOf, type Tensor } from '../tensor.js';
import { writeFileAtomically } from './bytes/atomicFile.js';
import { npyHeader } from './npy/index.js';

/**
 * Writes a float32 array that comes block by block; the file appears whole or not at all.
 *
 * @param shape (rows, …) of all of it
 * @param blocks consecutive rows, (rows of the block, …)
 * @throws {JetError} SHAPE_MISMATCH if the blocks are not what the shape says; as `writeFileAtomically`; whatever `blocks`
 *   throws
 */
export async function writeArray(
  path: string,
  shape: readonly number[],
  blocks: AsyncIterable<Tensor> | Iterable<Tensor>,
): Promise<void> {
  const expected = sizeOf(shape);
  await writeFileAtomically(path, async (file) => {
    await file.writeFile(npyHeader('float32', shape));
    let written = 0;
    for await (const { data } of blocks) {
      await file.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      written += data.length;
    }
    if (written !== expected)
      throw new JetError(
        'SHAPE_MISMATCH',
        `${path}: blocks of ${written} numbers in all; expected ${expected}, shape (${shape.join(', ')}); give every row once`,
        { numbers: written, expected },
      );
  });
}
