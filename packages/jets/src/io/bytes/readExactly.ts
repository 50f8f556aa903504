/** @file Reads bytes that must be there. */
import { JetError } from '../../errors.js';
import type { BinaryFile } from './binaryFile.js';

/** @throws {JetError} BAD_FILE if the file ends before */
export function readExactly(file: BinaryFile, position: number, length: number): DataView {
  if (!(position >= 0 && length >= 0 && position + length <= file.size))
    throw new JetError(
      'BAD_FILE',
      `${file.name}: ${length} bytes at ${position} of ${file.size}; expected them inside the file; it is truncated or corrupt`,
      { position, length, bytes: file.size },
    );
  const bytes = new Uint8Array(length);
  const got = file.read(bytes, 0, length, position);
  if (got < length)
    throw new JetError('BAD_FILE', `${file.name}: ${got} bytes at ${position}; expected ${length}; copy it again`, {
      position,
      length,
      got,
    });
  return new DataView(bytes.buffer);
}
