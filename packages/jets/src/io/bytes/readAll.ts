/** @file A whole file in memory. */
import { JetError } from '../../errors.js';
import { requireMemory } from '../../memoryBudget.js';
import type { BinaryFile } from './binaryFile.js';

/** Reads a whole file into memory once; arrays made of it share that memory. @throws {JetError} LIMIT_EXCEEDED; BAD_FILE */
export function readAll(file: BinaryFile): Uint8Array {
  requireMemory('inputs', file.size, `${file.name}: arrays that are read as a whole`, 'split the file');
  const bytes = new Uint8Array(file.size);
  const got = file.read(bytes, 0, bytes.length, 0);
  if (got !== bytes.length)
    throw new JetError(
      'BAD_FILE',
      `${file.name}: got ${got} bytes; expected ${bytes.length}; the file changed while it was read`,
      { bytes: got, expected: bytes.length },
    );
  return bytes;
}
