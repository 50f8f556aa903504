/** @file Files of models, on disk or at an address, within a budget. */
import { open, readFile, stat } from 'node:fs/promises';
import { isJetError, JetError } from '@jetsdk/jets';
import { fetchBlob } from '@jetsdk/jets/files';

/** Largest file of a model that is read, and largest content of an archive. */
export const MAX_MODEL_BYTES = 2 ** 31;

export const isAddress = (path: string): boolean => /^https?:\/\//.test(path);

/**
 * @param limit bytes; nothing is read of a file on disk that has more
 * @throws {JetError} FILE_NOT_FOUND; REMOTE; LIMIT_EXCEEDED; BAD_FILE for what may never end
 */
export async function readModelBytes(path: string, limit = MAX_MODEL_BYTES): Promise<Uint8Array<ArrayBuffer>> {
  if (isAddress(path)) return new Uint8Array(await (await fetchBlob(path, limit)).arrayBuffer());
  try {
    const found = await stat(path);
    if (!found.isFile() && !found.isDirectory())
      throw new JetError('BAD_FILE', `${path}: not a regular file (a pipe or a device); copy it to a file first`, {
        path,
      });
    if (found.size > limit)
      throw new JetError('LIMIT_EXCEEDED', `${path}: ${found.size} bytes; expected at most ${limit}`, {
        size: found.size,
        limit,
      });
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    if (isJetError(cause)) throw cause;
    throw notFound(path, cause);
  }
}

/** The first bytes of a file on disk. @throws {JetError} FILE_NOT_FOUND */
export async function startOf(path: string, bytes: number): Promise<Uint8Array> {
  try {
    await using file = await open(path);
    const start = new Uint8Array(bytes);
    const { bytesRead } = await file.read(start, 0, bytes, 0);
    return start.subarray(0, bytesRead);
  } catch (cause) {
    throw notFound(path, cause);
  }
}

const notFound = (path: string, cause: unknown): JetError =>
  new JetError('FILE_NOT_FOUND', `${path}: cannot be read`, { path }, { cause });
