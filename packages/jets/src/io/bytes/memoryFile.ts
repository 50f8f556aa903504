/** @file A file whose bytes are in memory. */
import { JetError } from '../../errors.js';
import type { BinaryFile } from './binaryFile.js';

/**
 * @param bytes not modified
 * @throws {JetError} BAD_FILE if there are none
 */
export function memoryFile(bytes: Uint8Array, name: string): BinaryFile {
  requireBytes(name, bytes.length);
  return {
    name,
    size: bytes.length,
    read(into, offset, length, position) {
      const part = bytes.subarray(position, position + length);
      into.set(part, offset);
      return part.length;
    },
    ...readOnly(name),
    close() {},
  };
}

/** @throws {JetError} BAD_FILE if the file is empty */
export function requireBytes(name: string, bytes: number): void {
  if (bytes === 0)
    throw new JetError('BAD_FILE', `${name}: the file is empty, got 0 bytes; make or copy it again`, { file: name });
}

/** The members of a file that is only read. */
export function readOnly(name: string): Pick<BinaryFile, 'write' | 'truncate'> {
  const refuse = (): never => {
    throw new JetError('UNSUPPORTED', `${name}: cannot be written; expected reading only`, { name });
  };
  return { write: refuse, truncate: refuse };
}
