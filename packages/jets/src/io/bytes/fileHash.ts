/** @file What a file is known by. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { fileError, openNodeFile } from './nodeFile.js';

/**
 * SHA-256 of a file's bytes, read as a stream.
 *
 * @returns 64 hexadecimal digits
 * @throws {JetError} FILE_NOT_FOUND; BAD_FILE if it is a folder or empty
 */
export async function fileHash(path: string): Promise<string> {
  openNodeFile(path).close();
  const hash = createHash('sha256');
  try {
    for await (const part of createReadStream(path)) hash.update(part as Uint8Array);
  } catch (error) {
    throw fileError(path, 'read', error);
  }
  return hash.digest('hex');
}
