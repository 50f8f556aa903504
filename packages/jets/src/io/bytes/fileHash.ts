/** @file What a file is known by. */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import type { Progress } from '../../progress.js';
import { fileError, openNodeFile } from './nodeFile.js';

/**
 * SHA-256 of a file's bytes, read as a stream.
 *
 * @param onProgress told how many bytes are done
 * @returns 64 hexadecimal digits
 * @throws {JetError} FILE_NOT_FOUND; BAD_FILE if it is a folder or empty
 */
export async function fileHash(path: string, onProgress?: (progress: Progress) => void): Promise<string> {
  openNodeFile(path).close();
  const hash = createHash('sha256');
  try {
    const total = statSync(path).size;
    let done = 0;
    for await (const part of createReadStream(path, { highWaterMark: 2 ** 20 })) {
      const bytes = part as Uint8Array;
      hash.update(bytes);
      done += bytes.length;
      onProgress?.({ done, total });
    }
  } catch (error) {
    throw fileError(path, 'read', error);
  }
  return hash.digest('hex');
}
