/** @file Files of models, on disk or at an address, within a budget. */
import { open, readFile } from 'node:fs/promises';
import { JetError } from '@jetsdk/jets';
import { fetchBlob } from '@jetsdk/jets/files';

/** Largest file of a model that is read, and largest content of an archive. */
export const MAX_MODEL_BYTES = 2 ** 31;

export const isAddress = (path: string): boolean => /^https?:\/\//.test(path);

/** @throws {JetError} FILE_NOT_FOUND; REMOTE; LIMIT_EXCEEDED */
export async function readModelBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  if (isAddress(path)) return new Uint8Array(await (await fetchBlob(path, MAX_MODEL_BYTES)).arrayBuffer());
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
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
