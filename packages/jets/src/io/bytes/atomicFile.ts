/** @file Writing a file so that it is either there whole or not at all. */
import { randomBytes } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { type FileHandle, mkdir, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isJetError, JetError } from '../../errors.js';
import { fileError } from './nodeFile.js';

/** Bytes, text, or a function that writes to the open file. */
export type FileContent = Uint8Array | string | ((file: FileHandle) => Promise<void>);

/**
 * Writes a file beside its place, brings it to the disk and renames it; an existing file is replaced.
 * On failure nothing is left behind and an existing file stays as it was.
 *
 * @throws {JetError} FILE_NOT_FOUND if the folder does not exist; BAD_FILE if it cannot be written;
 *   BAD_ARGUMENT if the path is a folder or a device; whatever the function throws
 */
export async function writeFileAtomically(path: string, content: FileContent): Promise<void> {
  const { target, mode } = await findTarget(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.part`);
  let file: FileHandle;
  try {
    file = await open(temporary, 'wx+', mode);
  } catch (error) {
    throw fileError(path, 'write', error);
  }
  const removeNow = (): void => unlinkSync(temporary);
  process.once('exit', removeNow);
  try {
    try {
      if (typeof content === 'function') await content(file);
      else await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw isSystemError(error) ? fileError(path, 'write', error) : error;
  } finally {
    process.off('exit', removeNow);
  }
}

/**
 * Makes a folder and those above it; one that is there already stays.
 *
 * @throws {JetError} BAD_ARGUMENT if a file has that name; BAD_FILE or FILE_NOT_FOUND if it cannot be made
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'EEXIST' || cause.code === 'ENOTDIR'))
      throw new JetError(
        'BAD_ARGUMENT',
        `${path}: cannot make this folder, a file is in its place; name another`,
        { path },
        { cause },
      );
    throw fileError(path, 'make', cause);
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && !isJetError(error) && 'syscall' in error;
}

/** Follows links, so that a link stays one; keeps the mode of a file that is replaced. */
async function findTarget(path: string): Promise<{ target: string; mode: number }> {
  try {
    const target = await realpath(path);
    const found = await stat(target);
    if (!found.isFile())
      throw new JetError(
        'BAD_ARGUMENT',
        `${path}: cannot write, it is a ${found.isDirectory() ? 'folder; name a file in it' : 'device or pipe; name a regular file'}`,
        { path },
      );
    return { target, mode: found.mode & 0o777 };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { target: path, mode: 0o666 };
    throw isJetError(error) ? error : fileError(path, 'write', error);
  }
}
